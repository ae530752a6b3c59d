/** One thing broken in the built program, and the claim that must notice. */
export interface Mutant {
  readonly what: string
  /** Stands exactly once in the built program; where it does not, the mutant is refused. */
  readonly anchor: string | RegExp
  /** What is put there. */
  readonly instead: string
  readonly caughtBy: string
  /** What the violation says, so that it is not caught for another reason. */
  readonly says: RegExp
}

const FREE_ONES_GRANTED = `if #held > 0 then
  for _, path in ipairs(wanted) do
    if not live[path] then put({ path = path, agent_id = req.agent_id, expires = now + req.ttl_ms,
      fencing_token = next_change(), ttl_ms = req.ttl_ms, acquired_at = now, request = req.request, via = INSTANCE }) end
  end
end
`

export const MUTANTS: readonly Mutant[] = [
  {
    what: 'a lock that is held is granted all the same',
    anchor: 'if #held > 0 or first then',
    instead: 'if false then',
    caughtBy: 'V1',
    says: /lost the lock before its time|the file says \d+ after \d+ increments|fencing_token \d+ came after/,
  },
  {
    what: 'locks are stored without a TTL',
    anchor: ", 'PXAT', expires)",
    instead: ')',
    caughtBy: 'V2',
    says: /the TTL of \S+ is -1 ms/,
  },
  {
    what: 'nothing is told on the channel',
    anchor: "redis.call('PUBLISH', ARGV[2], ARGV[i + 2])",
    instead: '',
    caughtBy: 'V2',
    says: /the channel \S+ does not tell/,
  },
  {
    what: 'kept answers are never found outdated',
    anchor: /(?<=\bisCurrent\(\w+\)\{)/,
    instead: 'return!0;',
    caughtBy: 'V3',
    says: /after \d+ was stored/,
  },
  {
    what: 'a lock that ran out is granted with an old fencing_token',
    anchor: 'fencing_token = number,',
    instead: "fencing_token = '4294967297',",
    caughtBy: 'V4',
    says: /fencing_token is \d+, not larger/,
  },
  {
    what: 'a lock that is free is granted with the fencing_token of the one before',
    anchor: 'local number = latest - changes',
    instead: 'local number = 0',
    caughtBy: 'V2',
    says: /the next holder's fencing_token is \d+, not larger/,
  },
  {
    what: 'the holder is answered another fencing_token than Redis has',
    anchor: /(?<=fencing_token:String\(\w+\+\w+)(?=\))/,
    instead: '+1',
    caughtBy: 'V2',
    says: /has lost its lock/,
  },
  {
    what: 'verify says yes to everybody',
    anchor: /\w+===["`]holder["`](?=\)return\{valid)/,
    instead: '!0',
    caughtBy: 'V4',
    says: /told by verify that it still has the lock/,
  },
  {
    what: 'locks are not put back after Redis lost them',
    anchor: 'if is_open and claim.remaining_ms > 0',
    instead: 'if false and claim.remaining_ms > 0',
    caughtBy: 'V5',
    says: /is lost although its time has not run out/,
  },
  {
    what: 'nobody looks for deadlocks',
    anchor: 'if cycle then',
    instead: 'if false then',
    caughtBy: 'V6',
    says: /the wait that closes the circle is answered FILE_LOCKED/,
  },
  {
    what: 'of several files the free ones are granted',
    anchor: 'if #held > 0 or first then',
    instead: `${FREE_ONES_GRANTED}if #held > 0 or first then`,
    caughtBy: 'V7',
    says: /was refused, but holds some of the files/,
  },
]
