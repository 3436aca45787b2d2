import type { ReferenceSection, VariableReference } from './variable-reference';

const WIDTH = 120;

/** The text of `.env.example`: every variable with its meaning above it, and its default as its value. */
export function envExample(sections: readonly ReferenceSection[]): string {
  const head = [
    '# Copy to .env. Everything is optional: a stage without a key runs on the built-in demo.',
    '# Made by `npm run generate:configuration`, as docs/configuration.md is: it has the same as tables. Not to be edited by hand.',
  ];
  return `${[head, ...sections.map(section)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const section = ({ title, providers, variables }: ReferenceSection): string[] => [
  `# ---- ${[title, ...providers].join(' - ')}`,
  ...variables.flatMap(variable),
];

function variable({ name, doc, default: value, values, example, entries }: VariableReference): string[] {
  const text = [
    plain(doc),
    // That a key is a key, the name says.
    /\d|,/.test(values) && `Values: ${values}.`,
    entries.length > 0 && `Entries: ${entries.join('; ')}.`,
    example !== undefined && `Example: ${example}`,
  ];
  // What a shell or another reader of such files would take apart is left out; the default holds without it.
  return [...wrapped(text.filter((part) => part !== false).join(' ')), `${name}=${/\s/.test(value) ? '' : value}`];
}

const plain = (text: string): string => text.replaceAll('`', '');

/** Comment lines of at most that many characters, unless a word is longer. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line !== '#' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
