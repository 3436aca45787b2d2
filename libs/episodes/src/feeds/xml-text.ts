/** What XML 1.0 cannot contain, escaped or not: control characters, halves of pairs and non-characters. */
// eslint-disable-next-line no-control-regex -- these are what is removed.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu;

/** A text as an XML document can hold it; the writer of the document escapes it. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '');
}

/** The same for what is shown in one line. */
export function xmlLine(text: string): string {
  return xmlText(text).replace(/\s+/g, ' ').trim();
}
