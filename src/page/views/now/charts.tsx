import { Chart } from '../../parts/chart.tsx'
import { Panel } from '../../parts/small.tsx'
import { isForbidden, samples } from '../../state/samples.ts'

/** What the instance behind this page does, since the page was opened. */
export function Charts() {
  const all = samples.value
  const times = all.map(({ at }) => at)
  const hits = all.map(({ hitRate }) => (hitRate === null ? null : hitRate * 100))
  return (
    <Panel title="Speed" note="this instance, since you opened the page">
      {all.length < 2 ? (
        <p class="empty">
          {isForbidden.value
            ? 'Only an administrator sees what this server measures.'
            : 'Measuring; the first points come within half a minute.'}
        </p>
      ) : (
        <div class="charts">
          <Chart
            title="Latency"
            times={times}
            unit="ms"
            lines={[
              { label: 'half', colour: '--chart-1', values: all.map(({ p50 }) => p50) },
              { label: '95 %', colour: '--chart-2', values: all.map(({ p95 }) => p95) },
            ]}
          />
          <Chart
            title="Cache hits"
            times={times}
            unit="%"
            most={100}
            lines={[{ label: 'hits', colour: '--chart-1', values: hits }]}
          />
        </div>
      )}
    </Panel>
  )
}
