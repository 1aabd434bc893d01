/**
 * Variables of a repository's own configuration that cannot make git run a program, reach another place or read
 * another file of configuration. A list of what is allowed: new versions of git bring new ways to run something.
 * Written as `git config --list` shows them: section and variable in lower case.
 */
const HARMLESS: readonly RegExp[] = [
  /^core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol|safecrlf|quotepath|longpaths|sparsecheckout|sparsecheckoutcone|worktree|untrackedcache|splitindex|preloadindex|compression|loosecompression|bigfilethreshold|packed\w+|deltabasecachelimit|whitespace|abbrev|commentchar|trustctime|checkstat|hidedotfiles|protecthfs|protectntfs|sharedrepository|excludesfile|attributesfile|commitgraph|multipackindex|warnambiguousrefs|notesref|fscache|fsync\w*|maxtreedepth)$/,
  /^extensions\.(objectformat|worktreeconfig|partialclone|refstorage|noop|relativeworktrees|preciousobjects|compatobjectformat)$/,
  /^(user|author|committer)\.(name|email|signingkey|useconfigonly)$/,
  /^remote\.pushdefault$/,
  /^remote\..+\.(url|pushurl|fetch|push|mirror|prune|prunetags|tagopt|skipdefaultupdate|skipfetchall|promisor|partialclonefilter|followremotehead|gh-resolved)$/,
  /^branch\.(autosetupmerge|autosetuprebase|sort)$/,
  /^branch\..+\.(?!mergeoptions$)[\w-]+$/,
  /^url\..+\.(insteadof|pushinsteadof)$/,
  /^protocol\.(version|allow)$|^protocol\..+\.allow$/,
  /^push\.(default|autosetupremote|followtags|recursesubmodules|useforceifincludes|usebitmaps|negotiate)$/,
  /^pull\.(ff|rebase)$/,
  /^fetch\.(fsckobjects|prune|prunetags|output|parallel|all|showforcedupdates|writecommitgraph|recursesubmodules|unpacklimit|negotiationalgorithm)$/,
  /^merge\.(conflictstyle|ff|renames|renamelimit|directoryrenames|renormalize|stat|log|branchdesc|suppressdest|autostash|defaulttoupstream|verbosity|verifysignatures|guitool|tool)$/,
  /^diff\.(algorithm|renames|renamelimit|mnemonicprefix|noprefix|srcprefix|dstprefix|context|interhunkcontext|colormoved\w*|submodule|stat\w+|indentheuristic|wserrorhighlight|wordregex|relative|dirstat|ignoresubmodules|suppressblankempty|tool|guitool|autorefreshindex)$/,
  /^diff\..+\.(xfuncname|funcname|wordregex|binary|cachetextconv|algorithm)$/,
  /^init\.defaultbranch$/,
  /^commit\.(cleanup|status|template|verbose)$/,
  /^tag\.sort$/,
  /^transfer\.(fsckobjects|hiderefs|unpacklimit)$/,
  /^receive\.(deny\w+|fsckobjects|unpacklimit|maxinputsize|hiderefs|advertiseatomic|shallowupdate)$/,
  /^uploadpack\.(allow\w+|hiderefs|keepalive)$/,
  /^http\.(postbuffer|version|lowspeedlimit|lowspeedtime|maxrequests|extraheader)$/,
  /^http\..+\.extraheader$/,
  /^credential\.(?!.*helper$)/,
  /^gc\.(?!recentobjectshook$)\w+$/,
  /^ssh\.variant$/,
  // Sections that no command used here runs anything from.
  /^(advice|alias|apply|blame|checkout|clone|color|column|feature|format|grep|index|log|maintenance|notes|pack|rebase|rerere|sparse|stash|status|submodule|versionsort|worktree)\./,
  // Other programs' sections.
  /^(azdo|difftool|gh|git-p4|gitflow|github|gitlab|gui|guitool|hub|instaweb|lfs|mergetool|pager|sendemail|svn-remote|tig|vscode)\./,
];

/** Variables that may run a program, but not in a call with the overrides and flags of `_environment.ts`. */
const OVERRIDDEN: readonly RegExp[] = [
  /^core\.(hookspath|fsmonitor|sshcommand|askpass|editor|pager|gitproxy)$/,
  /^sequence\.editor$/,
  /^credential\.(.+\.)?helper$/,
  /^(commit|tag|push)\.(gpgsign|forcesignannotated)$/,
  /^gpg\./,
  /^log\.showsignature$/,
  // Every command that shows differences gets --no-ext-diff and --no-textconv.
  /^diff\.external$/,
  /^diff\..+\.(command|textconv)$/,
];

const matches = (list: readonly RegExp[], key: string): boolean => list.some((pattern) => pattern.test(key));

/** Section and variable in lower case, as git compares them. */
const plain = (key: string): string => {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase();
};

/**
 * The first key that makes a repository unsafe to work in.
 * @param isRemote whether git runs in it as the other end of a transfer, where nothing can be overridden
 */
export const unsafeKey = (keys: readonly string[], isRemote: boolean): string | undefined =>
  keys.find((key) => !matches(HARMLESS, plain(key)) && (isRemote || !matches(OVERRIDDEN, plain(key))));
