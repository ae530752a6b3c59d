import type { AppError } from '../../domain/errors.ts'
import type { Lease } from '../../domain/leases/lease.ts'
import { quoted } from '../../domain/text/quoted.ts'
import type { WrittenFolder } from './written-files.ts'

/** What the model reads when another agent has the file. That agent's words stand in quotes, and short. */
export function lockedText({ details = {}, message }: AppError): string {
  const { file_path: path, held_by: holder, expires_at: until, purpose } = details
  if (typeof path !== 'string' || typeof holder !== 'string') return message
  const why = typeof purpose === 'string' && purpose !== '' ? ` (its purpose: ${quoted(purpose)})` : ''
  const ends =
    typeof until === 'string'
      ? `The lock lasts until ${until}, longer if that agent works on.`
      : 'The file is free, but another agent is before you in its queue.'
  return [
    `Not written: ${path} is being edited by the agent ${quoted(holder)}${why}.`,
    ends,
    'Work on another file first, or wait until then; read the file anew before you edit it.',
  ].join(' ')
}

/** For a command that changes a whole folder, or what it finds there. */
export function belowText(
  { path: folder, isMeant }: WrittenFolder,
  { path, agentId, expiresAt }: Lease,
): string {
  return [
    `Not done: this changes ${isMeant ? 'files that it looks for in' : 'all of'} ${folder}, and ${path} in it is being edited by the agent ${quoted(agentId)}.`,
    `That lock lasts until ${expiresAt}, longer if that agent works on. Name the files that you mean, or wait until then.`,
  ].join(' ')
}

export function sameNameText({ path, agentId, expiresAt }: Lease): string {
  return [
    `Not written: ${path} is being edited by another session of the agent ${quoted(agentId)}.`,
    `The lock lasts until ${expiresAt}, longer if that session works on.`,
    'Work on another file first, or wait until then; read the file anew before you edit it.',
  ].join(' ')
}

export function lostText(paths: readonly string[]): string {
  return [
    `Not written: your lock on ${paths.join(', ')} had ended, and another agent may have changed the file since.`,
    'The lock is yours again. Read the file anew, then repeat the edit.',
  ].join(' ')
}

export function changedText(paths: readonly string[]): string {
  return [
    `Not written: ${paths.join(', ')} was changed since you last read it.`,
    'The lock is yours now. Read the file anew, then repeat the edit.',
  ].join(' ')
}
