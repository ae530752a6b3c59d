import { KeyWriter } from '../key-writer.ts'
import type { Instance, Kept, Load, Need, Read, State, Vector, Write } from './state.ts'

const STAGES = ['versions', 'peek', 'peeked', 'unknown', 'joined'] as const
const writer = new KeyWriter()

/** A state as a short text. Which of two reads came first does not matter. */
export function keyOf(state: State): string {
  const end = state.log.length
  writeWorld(state)
  for (const each of state.instances) writeInstance(each, end)
  return writer.take()
}

/** As keyOf, where both instances may do the same: which of them is called A does not matter either. */
export function symmetricKeyOf(state: State): string {
  const end = state.log.length
  writeWorld(state)
  writer.unordered(state.instances, (each) => writeInstance(each, end))
  return writer.take()
}

function writeWorld({ redis, log, published, due, epochs, faultsLeft }: State): void {
  writer.list(log)
  writer.list(published)
  writer.numbers(due)
  writer.number(epochs)
  writer.number(faultsLeft)
  writer.number(redis.epoch)
  writer.flags(redis.isOther)
  writer.numbers(redis.versions)
  writer.numbers(redis.hints)
  writer.optional(redis.answer, writeKept)
  writer.list(redis.told)
}

function writeInstance(each: Instance, end: number): void {
  writer.numbers(each.known)
  writer.optional(each.l1, writeKept)
  writer.flags(each.isLinked, each.isFed, each.isCaughtUp, each.isProven)
  writer.number(each.epoch)
  writer.list(each.inbox)
  // Where it began matters until the relay has begun.
  writer.number(each.relayed < 0 ? each.startedAt : each.relayed)
  writer.flags(each.looked < end, each.relayed < 0)
  writer.number(each.round ?? -1)
  writeMaxima(each.own, each.shown, each.heard, each.heard)
  writer.optional(each.load, writeLoad)
  writer.optional(each.put, writeKept)
  writer.optional(each.write, writeWrite)
  writer.unordered(each.reads, writeRead)
}

function writeRead({ stage, need, answer, versions, shares, floor }: Read): void {
  writer.number(STAGES.indexOf(stage))
  writer.flags(need.isStrong, shares)
  writeNeed(need)
  writer.optional(answer, writeKept)
  writer.numbers(versions)
  writer.optional(floor, writeVector)
}

function writeNeed({ own, shown, heard, due }: Need): void {
  writeMaxima(own, shown, heard, due)
}

/** Which of the promises asks for a version does not matter for what may come. */
function writeMaxima(a: Vector, b: Vector, c: Vector, d: Vector): void {
  for (let key = 0; key < a.length; key++) {
    writer.number(Math.max(a[key] ?? -1, b[key] ?? -1, c[key] ?? -1, d[key] ?? -1))
  }
}

function writeKept({ stamp, value }: Kept): void {
  writer.numbers(stamp)
  writer.numbers(value)
}

function writeVector(vector: Vector): void {
  writer.numbers(vector)
}

function writeLoad({ shares, kept, half }: Load): void {
  writer.flags(shares)
  writer.optional(kept, writeKept)
  writer.optional(half, writeVector)
}

function writeWrite({ seq, key, isCommitted, isMerged }: Write): void {
  writer.number(seq)
  writer.number(key)
  writer.flags(isCommitted, isMerged)
}
