// Cuts a stream of bytes into lines, with a limit: whoever never ends a line must not fill root's memory.

export interface LineReader {
  /** The lines that `chunk` completes; null when a line is longer than the limit, after which nothing is read. */
  push(chunk: Uint8Array): string[] | null;
}

/** Lines of UTF-8 of at most `maxBytes`, without their newline. */
export function createLineReader(maxBytes: number): LineReader {
  let parts: Uint8Array[] = [];
  let partsBytes = 0;
  let isOver = false;

  function take(last: Uint8Array): string {
    const line = Buffer.concat([...parts, last]).toString('utf8');
    parts = [];
    partsBytes = 0;
    return line;
  }

  return {
    push(chunk) {
      const lines: string[] = [];
      let rest = chunk;
      while (!isOver) {
        const end = rest.indexOf(0x0a);
        const piece = end < 0 ? rest : rest.subarray(0, end);
        isOver = partsBytes + piece.length > maxBytes;
        if (isOver || end < 0) {
          if (!isOver && piece.length > 0) {
            parts.push(piece);
            partsBytes += piece.length;
          }
          break;
        }
        lines.push(take(piece));
        rest = rest.subarray(end + 1);
      }
      if (!isOver) return lines;
      parts = [];
      return null;
    },
  };
}
