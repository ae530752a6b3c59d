import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const ASK_MS = 1_000

/**
 * The program that has a port of this machine, as far as that can be found out: in words that follow "taken
 * by".
 */
export async function portOwner(host: string, port: number): Promise<{ who: string; isOurs: boolean }> {
  const [isOurs, process] = [await isAgentMemory(host, port), processOn(port)]
  const what = isOurs ? 'another agent-memory serve' : (process?.name ?? 'another program')
  return { who: process ? `${what} (process ${process.pid})` : what, isOurs }
}

async function isAgentMemory(host: string, port: number): Promise<boolean> {
  try {
    const name = host.includes(':') ? `[${host}]` : host
    const answer = await fetch(`http://${name}:${port}/health`, { signal: AbortSignal.timeout(ASK_MS) })
    const { name: program } = (await answer.json()) as { name?: unknown }
    return program === 'agent-memory'
  } catch {
    return false
  }
}

/** Linux alone says it without another program, and of other users' processes to root alone. */
function processOn(port: number): { pid: number; name: string } | undefined {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listening(`/proc/net/${table}`, port)))
  if (sockets.size === 0) return undefined
  const pid = names('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => names(`/proc/${name}/fd`).some((fd) => sockets.has(link(`/proc/${name}/fd/${fd}`))))
  return pid === undefined ? undefined : { pid: Number(pid), name: nameOf(pid) }
}

/** What the sockets that listen on a port are called among a process's files. */
function listening(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return text(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
    .map((columns) => `socket:[${columns[9]}]`)
}

function nameOf(pid: string): string {
  return text(`/proc/${pid}/comm`).trim() || 'another program'
}

function text(path: string): string {
  return quietly(() => readFileSync(path, 'utf8'), '')
}

function names(path: string): string[] {
  return quietly(() => readdirSync(path), [])
}

function link(path: string): string {
  return quietly(() => readlinkSync(path), '')
}

/** What is not there, or not ours to see, says nothing. */
function quietly<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
