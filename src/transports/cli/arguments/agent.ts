import { hostname, userInfo } from 'node:os'

/**
 * The agent of a shell's calls: the same from call to call, so that a checkout and its checkin are one
 * agent's.
 */
export function shellAgentId(): string {
  return `cli-${userName()}@${hostname()}`.replaceAll(/\s+/g, '-').slice(0, 256)
}

/** An account without an entry in the system's list has a number only. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
