import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Name of the variable by which all processes of one call of git are found, whoever their parent is by then. */
export const MARK = 'ACAS_GIT_CALL';

/** What git is told whatever a repository's configuration says; see `_config-keys.ts` for what this cannot reach. */
const OVERRIDES: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.quotePath': 'false',
  // Tells a repeated commit from a new one; see `_commit.ts`.
  'core.logAllRefUpdates': 'always',
  // An empty helper forgets those before it, also the ones for particular hosts.
  'credential.helper': '',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'tag.forceSignAnnotated': 'false',
  'push.gpgSign': 'false',
  'log.showSignature': 'false',
  'merge.verifySignatures': 'false',
  'merge.autoStash': 'false',
  'submodule.recurse': 'false',
  'diff.ignoreSubmodules': 'dirty',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  // A redirect would lead past the check of the remote's address.
  'http.followRedirects': 'false',
  'transfer.bundleURI': 'false',
  // They would go on in the background after the step.
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'protocol.ext.allow': 'never',
};

/** Variables of git that this file sets, or an action for one call. */
export const GIT_VARIABLES = [
  'GIT_ALLOW_PROTOCOL',
  'GIT_ASKPASS',
  'GIT_ATTR_NOSYSTEM',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_NAME',
  'GIT_CEILING_DIRECTORIES',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EDITOR',
  'GIT_NO_LAZY_FETCH',
  'GIT_OPTIONAL_LOCKS',
  'GIT_PAGER',
  'GIT_PROTOCOL_FROM_USER',
  'GIT_REFLOG_ACTION',
  'GIT_SEQUENCE_EDITOR',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_TERMINAL_PROMPT',
  'SSH_ASKPASS',
];

const configuration = (entries: [string, string][]): Record<string, string> => ({
  GIT_CONFIG_COUNT: String(entries.length),
  ...Object.fromEntries(
    entries.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
});

/** The names of all variables of git in an environment, the numbered ones included. */
export const gitVariablesOf = (environment: Record<string, string>): string[] => [
  ...GIT_VARIABLES,
  ...Object.keys(environment).filter((name) => /^GIT_CONFIG_(KEY|VALUE)_\d+$/.test(name)),
];

export interface EnvironmentFacts {
  /** What programs started by actions get. */
  base: Readonly<Record<string, string>>;
  /** The real path of the workspace, above which git looks for no repository. */
  workspace: string;
  /** Identifies this call. */
  mark: string;
  /** Ways that git may reach a remote for this call; none by default. */
  protocols?: readonly string[];
  /** More configuration for this call, such as the header with a token: not seen in any command line. */
  config?: Readonly<Record<string, string>>;
  /** More variables for this call. */
  variables?: Readonly<Record<string, string>>;
}

/** The environment of one call of git: no prompt, no editor, no hook, no configuration but the repository's own. */
export function gitEnvironment(facts: EnvironmentFacts): Record<string, string> {
  return {
    ...facts.base,
    [MARK]: facts.mark,
    LC_ALL: 'C.UTF-8',
    LANGUAGE: 'C',
    GIT_ALLOW_PROTOCOL: (facts.protocols ?? []).join(':'),
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_CEILING_DIRECTORIES: dirname(facts.workspace),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: fileURLToPath(new URL('./_global.gitconfig', import.meta.url)),
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=30 -o ControlMaster=no -o ControlPath=none',
    GIT_SSH_VARIANT: 'ssh',
    GIT_EDITOR: ':',
    GIT_SEQUENCE_EDITOR: ':',
    GIT_PAGER: 'cat',
    ...configuration(Object.entries({ ...OVERRIDES, ...facts.config })),
    ...facts.variables,
  };
}
