// Where the command writes. Colour is for people alone: not in a pipe, not where NO_COLOR asks for none.

export type Colour = 'red' | 'yellow' | 'green';

export interface Terminal {
  write(text: string): void;
  /** Columns to fit into; null where nobody looks. */
  readonly width: number | null;
  /** `text` in a colour where colours are wanted. */
  paint(text: string, colour: Colour): string;
  /** What the process ends with: 0 fine, 1 error, 2 something to look at. */
  exitWith(code: 0 | 1 | 2): void;
}

const codes: Record<Colour, number> = { red: 31, yellow: 33, green: 32 };

/** This process's own terminal. */
export function ownTerminal(): Terminal {
  const isTty = process.stdout.isTTY === true;
  const hasColour = isTty && (process.env.NO_COLOR ?? '') === '';
  return {
    write: (text) => void process.stdout.write(text),
    width: isTty ? process.stdout.columns : null,
    paint: (text, colour) => (hasColour ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text),
    exitWith(code) {
      process.exitCode = code;
    },
  };
}
