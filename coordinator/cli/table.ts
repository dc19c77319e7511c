// Plain tables, PURE. What does not fit the terminal is cut in the columns that may be cut, never wrapped, so that one line stays
// one thing; without a terminal nothing is cut, so that other programs get all of it.

export interface Column {
  readonly title: string;
  /** Numbers stand under each other. */
  readonly align?: 'right';
  /** Whether the column may be cut when the table is too wide. */
  readonly canShrink?: boolean;
  /** Whether the column may be left out when cutting is not enough; the last such column goes first. */
  readonly canDrop?: boolean;
}

const gap = '  ';
/** Narrower than this a cut column says nothing any more. */
const minWidth = 12;

/** The table as lines that end in newlines; `width` is the terminal's, null for no limit. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | null,
): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(printable));
  const widths = fitWidths(columns, cells, width);
  const least = columns.findLastIndex(({ canDrop }) => canDrop === true);
  if (width !== null && totalOf(widths) > width && least >= 0) {
    const without = <T>(list: readonly T[]) => list.filter((_, index) => index !== least);
    return renderTable(without(columns), rows.map(without), width);
  }
  return cells.map((row) => renderRow(columns, row, widths)).join('');
}

/** Text from elsewhere, safe to print: control characters could move the cursor or change the terminal's settings. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function renderRow(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string {
  const padded = columns.map((column, index) => {
    const width = widths[index] ?? 0;
    return pad(cut(row[index] ?? '', width), width, column);
  });
  return `${padded.join(gap).trimEnd()}\n`;
}

function fitWidths(columns: readonly Column[], cells: readonly string[][], width: number | null): number[] {
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => lengthOf(row[index] ?? ''))));
  if (width === null) return widths;
  for (let excess = totalOf(widths) - width; excess > 0; excess = totalOf(widths) - width) {
    const widest = widestThatCanShrink(columns, widths);
    if (widest === null) break;
    widths[widest] = Math.max(minWidth, (widths[widest] ?? 0) - excess);
  }
  return widths;
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1);
}

function widestThatCanShrink(columns: readonly Column[], widths: readonly number[]): number | null {
  let widest: number | null = null;
  for (const [index, width] of widths.entries()) {
    if (columns[index]?.canShrink !== true || width <= minWidth) continue;
    if (widest === null || width > (widths[widest] ?? 0)) widest = index;
  }
  return widest;
}

function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}

function pad(text: string, width: number, { align }: Column): string {
  const blank = ' '.repeat(width - lengthOf(text));
  return align === 'right' ? blank + text : text + blank;
}

function lengthOf(text: string): number {
  return [...text].length;
}
