/** Returns what a call writes to the standard output and the standard error, in place of printing it there. */
export function printedBy(call: () => void): string {
  const chunks: string[] = [];
  const keep = (chunk: unknown): boolean => {
    chunks.push(String(chunk));
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(keep),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep),
  ];
  try {
    call();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return chunks.join('');
}
