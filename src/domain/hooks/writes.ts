import type { ToolShape } from './clients.ts'
import type { HookEvent, ToolWrites } from './event.ts'
import { patchWrites } from './patch.ts'
import { valuesAt } from './read.ts'
import { shellReads, shellWrites } from './shell/writes.ts'

const NOTHING: ToolWrites = { paths: [], texts: [] }

/** What the event's tool writes, as far as that is certain. */
export function toolWrites(event: Pick<HookEvent, 'client' | 'tool'>): ToolWrites {
  const shape = shapeOf(event)
  return event.tool && shape ? writesOf(shape, event.tool.input) : NOTHING
}

/** The tool's name on our own server; undefined for every other. */
export function ownToolName({ client, tool }: Pick<HookEvent, 'client' | 'tool'>): string | undefined {
  const start = client.ownTools.find((prefix) => tool?.name.startsWith(`${prefix}memory_`))
  return start && tool?.name.slice(start.length)
}

/** The files that the event's tool is about to read. */
export function toolReads(event: Pick<HookEvent, 'client' | 'tool'>): readonly string[] {
  const shape = shapeOf(event)
  if (!event.tool || !shape) return []
  if (shape.kind === 'read') return textsAt(event.tool.input, [shape.path])
  return shape.kind === 'shell' ? textsAt(event.tool.input, [shape.command]).flatMap(shellReads) : []
}

/** The files that it has written for sure, now that it is done. */
export function toolWrote(event: Pick<HookEvent, 'client' | 'tool'>): readonly string[] {
  return shapeOf(event)?.kind === 'shell' ? [] : toolWrites(event).paths
}

function shapeOf({ client, tool }: Pick<HookEvent, 'client' | 'tool'>): ToolShape | undefined {
  return tool && Object.hasOwn(client.tools, tool.name) ? client.tools[tool.name] : undefined
}

function writesOf(shape: ToolShape, input: unknown): ToolWrites {
  switch (shape.kind) {
    case 'file':
      return {
        paths: textsAt(input, [shape.path]).filter((path) => path !== ''),
        texts: textsAt(input, shape.texts),
      }
    case 'read':
      return NOTHING
    case 'patch':
      return joined(textsAt(input, [shape.patch]).map(patchWrites))
    case 'shell':
      return joined(textsAt(input, [shape.command]).map(shellWrites))
  }
}

function joined(all: readonly ToolWrites[]): ToolWrites {
  return {
    paths: [...new Set(all.flatMap(({ paths }) => paths))],
    into: all.flatMap(({ into = [] }) => into),
    ifThere: all.flatMap(({ ifThere = [] }) => ifThere),
    named: all.flatMap(({ named = [] }) => named),
    below: all.flatMap(({ below = [] }) => below),
    diffs: all.flatMap(({ diffs = [] }) => diffs),
    patterns: all.flatMap(({ patterns = [] }) => patterns),
    texts: all.flatMap(({ texts }) => texts),
  }
}

function textsAt(input: unknown, paths: readonly string[]): string[] {
  return paths.flatMap((path) => valuesAt(input, path)).filter((value) => typeof value === 'string')
}
