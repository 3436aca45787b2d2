import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from 'prom-client';

/** A metric as docs/metrics.md describes it. */
export interface DocumentedMetric {
  name: string;
  type: string;
  /** Comma list; empty where there are none. */
  labels: string;
  help: string;
}

type Program = 'server' | 'worker';

/** The prefixes of what the metrics library reports of the process itself. */
const OF_THE_PROCESS = /^(?:process|nodejs)_/;
const ROW = /^\| `([a-z0-9_]+)` +\| (\S+) +\| (.*?) *\| (server|worker|both) +\| (.*?) *\|$/gm;

const byName = (a: DocumentedMetric, b: DocumentedMetric): number => (a.name < b.name ? -1 : 1);

/** The metrics that docs/metrics.md lists for a program, by name. */
export function documentedMetrics(program: Program): DocumentedMetric[] {
  const page = readFileSync(join(__dirname, '../../../../docs/metrics.md'), 'utf8');
  return [...page.matchAll(ROW)]
    .filter(([, , , , where]) => where === program || where === 'both')
    .map(([, name = '', type = '', labels = '', , help = '']) => ({ name, type, labels: labels.replaceAll('`', ''), help }))
    .sort(byName);
}

/** The metrics of a registry in the same form, without those of the process itself. */
export const metricsOf = (registry: Registry): DocumentedMetric[] =>
  registry
    .getMetricsAsArray()
    .filter(({ name }) => !OF_THE_PROCESS.test(name))
    .map((metric) => ({
      name: metric.name,
      type: String(metric.type),
      labels:
        'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.filter((label) => label !== 'le').join(', ') : '',
      help: metric.help,
    }))
    .sort(byName);
