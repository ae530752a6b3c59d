import type { Relation } from '../../../client/answers.ts'
import { linkHere } from '../../../state/route.ts'

export interface Neighbour {
  readonly relation: Relation
  /** Whether the link goes from the entry to this one. */
  readonly isFrom: boolean
  readonly id: string
  readonly name: string
  readonly type: string
}

interface Size {
  readonly width: number
  readonly height: number
  readonly boxWidth: number
  readonly letters: number
}

const WIDE = { width: 640, height: 300, boxWidth: 150, letters: 20 }
/** On a phone the letters must not shrink with the picture. */
const NARROW = { width: 330, height: 330, boxWidth: 112, letters: 14 }
const BOX_HEIGHT = 30

/** The entry in the middle, what it is linked with around it. The list below says the same. */
export function RelationGraph({ name, neighbours }: { name: string; neighbours: readonly Neighbour[] }) {
  const size = matchMedia('(max-width: 600px)').matches ? NARROW : WIDE
  const places = neighbours.map((neighbour, at) => ({ neighbour, ...placeOf(at, neighbours.length, size) }))
  return (
    <svg class="graph" viewBox={`0 0 ${size.width} ${size.height}`}>
      <title>What {name} is linked with</title>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0L8 4L0 8z" />
        </marker>
      </defs>
      {places.map(({ neighbour, x, y }) => (
        <Edge key={neighbour.relation.id} neighbour={neighbour} x={x} y={y} size={size} />
      ))}
      {places.map(({ neighbour, x, y }) => (
        <a key={neighbour.relation.id} href={linkHere({ id: neighbour.id })}>
          <Box name={neighbour.name} x={x} y={y} type={neighbour.type} size={size} />
        </a>
      ))}
      <Box name={name} x={size.width / 2} y={size.height / 2} type="middle" size={size} />
    </svg>
  )
}

function placeOf(at: number, count: number, { width, height, boxWidth }: Size): Point {
  const angle = (2 * Math.PI * at) / count - Math.PI / 2 + (count === 2 ? Math.PI / 2 : 0)
  return {
    x: width / 2 + Math.cos(angle) * (width / 2 - boxWidth / 2 - 4),
    y: height / 2 + Math.sin(angle) * (height / 2 - BOX_HEIGHT / 2 - 4),
  }
}

interface EdgeProps extends Point {
  readonly neighbour: Neighbour
  readonly size: Size
}

function Edge({ neighbour: { isFrom, relation }, x, y, size }: EdgeProps) {
  const middle = { x: size.width / 2, y: size.height / 2 }
  const inner = border(middle, { x, y }, size)
  const outer = border({ x, y }, middle, size)
  const [from, to] = isFrom ? [inner, outer] : [outer, inner]
  return (
    <g class="edge">
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} marker-end="url(#arrow)" />
      <text x={(inner.x + outer.x) / 2} y={(inner.y + outer.y) / 2 - 5} text-anchor="middle">
        {shortened(relation.relation_type, size.letters)}
      </text>
    </g>
  )
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Where the line from the middle of a box to another place leaves the box. */
function border({ x, y }: Point, to: Point, { boxWidth }: Size): Point {
  const [dx, dy] = [to.x - x, to.y - y]
  const part = Math.min(
    dx === 0 ? 1 : (boxWidth / 2 + 3) / Math.abs(dx),
    dy === 0 ? 1 : (BOX_HEIGHT / 2 + 3) / Math.abs(dy),
    1,
  )
  return { x: x + dx * part, y: y + dy * part }
}

interface BoxProps extends Point {
  readonly name: string
  readonly type: string
  readonly size: Size
}

function Box({ name, x, y, type, size: { boxWidth, letters } }: BoxProps) {
  return (
    <g class={`node ${type}`}>
      <title>{name}</title>
      <rect x={x - boxWidth / 2} y={y - BOX_HEIGHT / 2} width={boxWidth} height={BOX_HEIGHT} rx="7" />
      <text x={x} y={y + 4.5} text-anchor="middle">
        {shortened(name, letters)}
      </text>
    </g>
  )
}

function shortened(text: string, most: number): string {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}
