import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { colours } from '../state/theme.ts'

interface Line {
  readonly label: string
  /** The custom property of its colour. */
  readonly colour: string
  readonly values: readonly (number | null)[]
}

interface ChartProps {
  readonly title: string
  /** Seconds since 1970. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly unit: string
  /** The top of the scale, where it is known. */
  readonly most?: number
}

const HEIGHT = 130

/** Lines over time. What it shows is also said in words, for readers who cannot see it. */
export function Chart({ title, times, lines, unit, most }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | undefined>(undefined)
  const data: uPlot.AlignedData = [[...times], ...lines.map(({ values }) => [...values])]
  const shape = [colours.value, unit, ...lines.map(({ label }) => label)].join()
  // A new shape is a new chart, new numbers are not.
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = new uPlot(optionsOf({ lines, unit, most }, element), data, element)
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [shape])
  useEffect(() => chart.current?.setData(data))
  const last = lines.map(({ label, values }) => `${label} ${shown(values.at(-1), unit)}`).join(', ')
  return (
    <figure class="chart">
      <figcaption>
        <span>{title}</span>
        <span class="legend">
          {lines.map(({ label, colour, values }) => (
            <span key={label}>
              <i class={`swatch ${colour.slice(2)}`} aria-hidden="true" />
              {label} <b>{shown(values.at(-1), unit)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot" ref={place} role="img" aria-label={`${title}: ${last}`} />
    </figure>
  )
}

function shown(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '–'
  if (unit === '%') return `${Math.round(value)} %`
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** A canvas does not know light-dark(): the browser is asked what comes of it. */
function paintIn(element: HTMLElement): (name: string) => string {
  const probe = document.createElement('i')
  return (name) => {
    probe.style.color = `var(${name})`
    element.append(probe)
    const text = getComputedStyle(probe).color
    probe.remove()
    return text
  }
}

function optionsOf(
  { lines, unit, most }: { lines: readonly Line[]; unit: string; most: number | undefined },
  element: HTMLElement,
): uPlot.Options {
  const paint = paintIn(element)
  const axis = {
    stroke: paint('--muted'),
    grid: { stroke: paint('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 4, 0, 0],
    scales: { y: { range: (_chart, _least, top) => [0, most ?? Math.max(1, (top ?? 1) * 1.1)] } },
    axes: [
      { ...axis, space: 80, size: 22 },
      { ...axis, space: 34, size: 58, values: (_chart, ticks) => ticks.map((tick) => `${tick} ${unit}`) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }) => ({
        label,
        stroke: paint(colour),
        width: 1.75,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  }
}
