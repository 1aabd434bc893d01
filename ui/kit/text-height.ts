/** From this many characters on a browser takes seconds to break a text into lines, for every time it is measured. */
const LONG = 5_000;

interface Lines {
  minRows?: number;
  maxRows: number;
}

/** How high a Textarea is: as high as its text; of a fixed height, and with lines as they are, where that is huge. */
export const textHeight = (text: string, { minRows = 1, maxRows }: Lines) =>
  text.length > LONG ? { rows: maxRows, wrap: 'off' as const } : { autosize: true, minRows, maxRows };
