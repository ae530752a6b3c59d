import { EPOCH_WIDTH } from '../../../domain/leases/epoch-width.ts'
import type { RawLease, RedisLease } from './scripts.ts'

/** What a checkout asks for. */
export interface AcquireFields {
  readonly request: string
  readonly agent_id: string
  readonly paths: readonly string[]
  readonly ttl_ms: number
  readonly purpose?: string
}

/** What most requests come down to: how the script is told, and what it means when it answers the number of the first change. */
export interface PlainAct {
  readonly args: readonly string[]
  readonly endsLeases: boolean
  leasesOf(answer: { readonly change: number; readonly epoch: string; readonly now: number }): RawLease[]
}

/** A checkout; undefined where its texts need escapes. See lease/plain.lua. */
export function plainAcquire(
  request: AcquireFields,
  { via, asked }: { via: string; asked: number },
): PlainAct | undefined {
  const { request: token, agent_id, paths, ttl_ms, purpose } = request
  if (!Number.isSafeInteger(ttl_ms) || ![agent_id, ...paths].every(isPlain)) return undefined
  const rest = { request: token, via, asked, ...(purpose === undefined ? {} : { purpose }) }
  return {
    args: ['acquire', agent_id, String(ttl_ms), textEnd(rest), String(paths.length), ...paths],
    endsLeases: false,
    leasesOf({ change, epoch, now }) {
      const first = Number(epoch) * EPOCH_WIDTH + change
      const lease = { agent_id, expires: now + ttl_ms, ttl_ms, acquired_at: now, ...rest }
      return paths.map((path, i) => ({ path, lease: { ...lease, fencing_token: String(first + i) } }))
    },
  }
}

/** A checkin of leases as this instance granted them. */
export function plainRelease(leases: readonly RawLease[]): PlainAct | undefined {
  const agent = leases[0]?.lease.agent_id
  if (agent === undefined || ![agent, ...leases.map(({ path }) => path)].every(isPlain)) return undefined
  return {
    args: [
      'release',
      agent,
      String(leases.length),
      ...leases.flatMap(({ path, lease }) => [path, leaseText(lease)]),
    ],
    endsLeases: true,
    leasesOf: () => [...leases],
  }
}

/** As lease/lease.lua writes it; where it differs, the script takes the longer way. */
function leaseText(lease: RedisLease): string {
  const { agent_id, expires, fencing_token, ttl_ms, acquired_at } = lease
  return `{"agent_id": "${agent_id}", "expires": ${expires}, "fencing_token": "${fencing_token}", "ttl_ms": ${ttl_ms}, "acquired_at": ${acquired_at}${textEnd(lease)}`
}

function textEnd({
  request,
  via,
  asked,
  purpose,
  extended,
}: Pick<RedisLease, 'request' | 'via' | 'asked' | 'purpose' | 'extended'>): string {
  const more = [
    asked === undefined ? '' : `, "asked": ${asked}`,
    purpose === undefined ? '' : `, "purpose": ${JSON.stringify(purpose)}`,
    extended ? ', "extended": true' : '',
  ]
  return `, "request": ${JSON.stringify(request)}, "via": ${JSON.stringify(via)}${more.join('')}}`
}

function isPlain(text: string): boolean {
  return JSON.stringify(text) === `"${text}"`
}
