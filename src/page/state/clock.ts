import { signal } from '@preact/signals'

/** Now, to the second. */
export const clock = signal(Date.now())

export function startClock(): void {
  setInterval(() => {
    clock.value = Date.now()
  }, 1_000)
}

/** A span as people say it, at most two parts: `4 min 10 s`. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d`
}

/** How long ago, in its largest part. */
export function agoText(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1_000)
  if (seconds < 5) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}
