import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parsePrometheusText } from './prometheus-text';

const TYPED = '# HELP a What a is.\n# TYPE a gauge\n';
const HISTOGRAM = '# HELP h H.\n# TYPE h histogram\n';

describe('the parser of Prometheus text', () => {
  it('reads counters, gauges and histograms with any label', async () => {
    const registers = [new Registry()];
    const odd = 'a "quoted" \\ back\nslash, {x="y"}';
    new Counter({ name: 'c_total', help: 'C.', labelNames: ['code'], registers }).inc({ code: odd }, 2);
    new Gauge({ name: 'g', help: 'G\nwith a second line.', registers }).set(-Infinity);
    new Histogram({ name: 'h', help: 'H.', labelNames: ['x'], buckets: [1, 2], registers }).observe({ x: '1' }, 1.5);
    const families = parsePrometheusText(await registers[0].metrics());
    expect(families.get('c_total')).toMatchObject({ type: 'counter', samples: [{ labels: { code: odd }, value: 2 }] });
    expect(families.get('g')).toMatchObject({ type: 'gauge', samples: [{ value: -Infinity }] });
    expect(families.get('h')?.samples.map(({ value }) => value)).toEqual([0, 1, 1, 1.5, 1]);
  });

  it.each([
    ['a sample before its type', 'a 1\n'],
    ['a last line that does not end', `${TYPED}a 1`],
    ['a value that is no number', `${TYPED}a one\n`],
    ['a name that is not allowed', `${TYPED}a-b 1\n`],
    ['a sample of another metric', `${TYPED}b 1\n`],
    ['a label without quotes', `${TYPED}a{x=1} 1\n`],
    ['a label that is given twice', `${TYPED}a{x="1",x="2"} 1\n`],
    ['a quote that is not escaped', `${TYPED}a{x="a"b"} 1\n`],
    ['a series that is given twice', `${TYPED}a 1\na 2\n`],
    ['a metric that is given twice', `${TYPED}a 1\n${TYPED}`],
    ['a type that does not exist', '# HELP a A.\n# TYPE a meter\n'],
    ['a negative counter', '# HELP a A.\n# TYPE a counter\na -1\n'],
    ['buckets that shrink', `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`],
    ['buckets without an end', `${HISTOGRAM}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`],
    ['buckets that differ from the count', `${HISTOGRAM}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`],
  ])('refuses %s', (_, text) => {
    expect(() => parsePrometheusText(text)).toThrow();
  });
});
