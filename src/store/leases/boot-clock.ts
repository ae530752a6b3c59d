import { readFileSync } from 'node:fs'
import type { Clock } from '../../domain/clock.ts'
import { newId } from '../../domain/ids.ts'
import type { Moment } from '../../domain/leases/time.ts'

/** Readings that the processes of one boot of this machine can compare. The boot is looked up at the first one. */
export function bootClock(clock: Clock, readId: () => string | null = readBootId): () => Moment {
  let bootId: string | undefined
  return () => {
    // Without an id this process is a boot of its own: its leases are judged by the others on the wall clock.
    bootId ??= readId() ?? `process-${newId()}`
    return { bootId, monotonicMs: clock.monotonic(), wallMs: clock.now() }
  }
}

/** The operating system's name for this boot, or null where it has none. */
export function readBootId(platform: NodeJS.Platform = process.platform): string | null {
  try {
    return bootIdOf(platform)?.toLowerCase() ?? null
  } catch {
    return null
  }
}

const PREFETCH =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters'

function bootIdOf(platform: NodeJS.Platform): string | null {
  if (platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null
  if (platform === 'darwin') return output('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']).trim() || null
  if (platform === 'win32')
    return /BootId\s+REG_DWORD\s+(\S+)/.exec(output('reg', ['query', PREFETCH, '/v', 'BootId']))?.[1] ?? null
  return null
}

function output(command: string, args: readonly string[]): string {
  // Not on Linux: there it would be loaded for nothing.
  const { execFileSync } = process.getBuiltinModule('node:child_process')
  return execFileSync(command, args, {
    encoding: 'utf8',
    timeout: 2_000,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  })
}
