import { useEffect, useState } from 'react';
import { tellError } from '#ui/kit/toast.ts';

/** Largest definition that is read, in bytes: the API takes no larger one. */
const LARGEST = 1024 * 1024;

/** What is told apart by the end of its name. */
export const DEFINITION_FILES = '.yaml,.yml,.json';

const isDefinition = (name: string): boolean => /\.(ya?ml|json)$/i.test(name);

/** The text of a definition's file; undefined, and told, where it is none. */
export async function textOfFile(file: File): Promise<string | undefined> {
  const what = `“${file.name}” was not read`;
  if (!isDefinition(file.name)) tellError(what, 'Definitions are .yaml, .yml or .json files.');
  else if (file.size > LARGEST) tellError(what, 'It is larger than 1 MiB.');
  else return file.text();
  return undefined;
}

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/** Takes definitions that are dropped anywhere on the page; true while one is held over it. */
export function useFileDrop(onText: (text: string) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      void textOfFile(file).then((text) => text !== undefined && onText(text));
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onText]);
  return isOver;
}
