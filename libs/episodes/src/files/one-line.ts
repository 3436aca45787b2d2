/** A text for a tag: a zero would end it there, and players show one line. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is replaced.
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
