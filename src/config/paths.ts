import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { homeFolder } from '../domain/places/home-folder.ts'

// Settings that name a file or a folder here. What is written for other programs is no path: it would become a folder "file:" or
// "sqlite:" under the one that the server stands in, and the memory would lie where nobody looks for it, or keeps it.

/** A file or a folder, there or not yet. */
export function place() {
  return z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const problem = notHere(text)
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
    })
}

/** A folder that is there, as an absolute path. */
export function folder() {
  return place()
    .transform((path) => resolve(atHome(path)))
    .refine(
      (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
      'expected a folder that is there',
    )
}

/** `~` is the home folder. */
export function atHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homeFolder())
}

/** Why a text is no path on this machine; undefined where it is one. */
function notHere(text: string): string | undefined {
  if (/^:memory:/i.test(text)) return 'expected a file: a memory that ends with its process is none'
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(text)?.[1]
  if (scheme !== undefined && (/^(?:file|sqlite\d?)$/i.test(scheme) || /^[^:]+:[\\/]/.test(text))) {
    const path = pathIn(text)
    return `expected a path, not an address${path === undefined ? '' : `: ${path}`}`
  }
  if (process.platform === 'win32') return undefined
  return /^(?:[a-z]:(?:[\\/]|$)|\\\\[^\\])/i.test(text)
    ? 'is a path of Windows, and this program does not run there'
    : undefined
}

/** The path in `file:///a`, `sqlite:///a` and the like, where it is an absolute one of this machine. */
function pathIn(text: string): string | undefined {
  const [, path] = /^(?:file|sqlite\d?):(?:\/\/(?:localhost)?)?\/*(\/[^?]*)/i.exec(text) ?? []
  if (path === undefined || !URL.canParse(`file://${path}`)) return undefined
  try {
    return fileURLToPath(`file://${path}`)
  } catch {
    return undefined
  }
}
