import { cpus, loadavg, totalmem } from 'node:os';

/** A description of the machine, in one line. */
export function machineFacts(): string {
  const processors = cpus();
  const load = loadavg().map((average) => average.toFixed(1));
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `${processors[0]?.model ?? 'unknown processor'}, ${processors.length} cores, ${memoryGib} GiB, Node ${process.versions.node}, load ${load.join(' ')}`;
}

/** Prints a Markdown table under a heading. */
export function printTable(title: string, header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  console.log([`\n## ${title}\n`, line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n'));
}
