import { KeyWriter } from '../key-writer.ts'
import type {
  Agent,
  Call,
  Granted,
  Hold,
  Instance,
  LateRelease,
  Lease,
  Reply,
  Server,
  State,
  Waiter,
} from './state.ts'

const STAGES = ['linked', 'away', 'beginning', 'reasserting'] as const
const KINDS = ['acquire', 'renew', 'release'] as const
const REPLIES = ['granted', 'renewed', 'queued', 'refused', 'done'] as const
const writer = new KeyWriter()

/** A state as a short text. */
export function keyOf(state: State): string {
  writer.number(state.faultsLeft)
  writer.optional(state.late, writeLate)
  writer.number(state.database.latest)
  writer.number(state.database.noted)
  writer.numbers(state.tokens)
  writer.numbers(state.owners)
  writer.number(state.servers.length)
  for (const server of state.servers) writeServer(server)
  for (const instance of state.instances) writeInstance(instance)
  for (const agent of state.agents) writeAgent(agent)
  return writer.take()
}

function writeLate({ agent, path, request, via, server, epoch }: LateRelease): void {
  writer.number(via)
  writer.number(agent)
  writer.number(path)
  writer.number(request)
  writer.number(server)
  writer.number(epoch)
}

function writeServer(server: Server): void {
  writer.number(server.epoch)
  writer.flags(server.isOther)
  writer.number(server.beginner)
  writer.number(server.count)
  writer.number(server.recovery)
  for (const lease of server.leases) writer.optional(lease, writeLease)
  writer.number(server.waiters.length)
  for (const waiter of server.waiters) writeWaiter(waiter)
}

function writeLease({ agent, token, left, via, request }: Lease): void {
  writer.number(agent)
  writer.number(token)
  writer.number(left)
  writer.number(via)
  writer.number(request)
}

/** They come in the order of their tickets; the numbers themselves do not matter. */
function writeWaiter({ agent, request, paths, age }: Waiter): void {
  writer.number(agent)
  writer.number(request)
  writer.list(paths)
  writer.number(age)
}

function writeInstance(each: Instance): void {
  writer.number(each.server)
  writer.number(STAGES.indexOf(each.stage))
  writer.number(each.epoch)
  writer.number(each.recovery ?? -1)
  for (const granted of each.granted) writer.optional(granted, writeGranted)
  writer.number(each.until)
  writer.number(each.untilEpoch)
  writer.number(each.inbox.length)
  for (const { path, token } of each.inbox) {
    writer.number(path)
    writer.number(token)
  }
}

function writeGranted({ agent, token, left, request }: Granted): void {
  writer.number(agent)
  writer.number(token)
  writer.number(request)
  writer.number(left)
}

function writeAgent({ call, calls, holds }: Agent): void {
  writer.number(calls)
  for (const hold of holds) writer.optional(hold, writeHold)
  writer.optional(call, writeCall)
}

function writeHold({ token, left }: Hold): void {
  writer.number(token)
  writer.number(left)
}

function writeCall({ kind, via, paths, request, waits, epoch, reply, before }: Call): void {
  writer.number(KINDS.indexOf(kind))
  writer.number(via)
  writer.list(paths)
  writer.number(request)
  writer.flags(waits)
  writer.number(epoch)
  writer.optional(reply, writeReply)
  writer.list(before)
}

function writeReply(reply: Reply): void {
  writer.number(REPLIES.indexOf(reply.kind))
  if (!('leases' in reply)) return
  writer.number(reply.leases.length)
  for (const lease of reply.leases) {
    writer.number(lease.path)
    writeGranted(lease)
  }
}
