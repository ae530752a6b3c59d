import { posix, win32 } from 'node:path'

/** The environment variables that move a client's configuration, or lead to its program. */
export interface SetupEnv {
  readonly APPDATA?: string | undefined
  readonly LOCALAPPDATA?: string | undefined
  readonly XDG_CONFIG_HOME?: string | undefined
  readonly CLAUDE_CONFIG_DIR?: string | undefined
  readonly CODEX_HOME?: string | undefined
  readonly GEMINI_CLI_HOME?: string | undefined
  readonly PATH?: string | undefined
  readonly PATHEXT?: string | undefined
}

/** The machine, as far as paths depend on it. */
export interface Place {
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly env: SetupEnv
}

/** A configuration file, and the folder or file whose presence says that the client is installed. May hold one `*`. */
export interface Location {
  readonly file: string
  readonly marker: string
}

/** The path rules of the machine that the paths are for, which in a test is not always the one that runs. */
function pathRules(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix
}

export function claudeCode(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const moved = place.env.CLAUDE_CONFIG_DIR
  if (moved) return [{ file: join(moved, '.claude.json'), marker: moved }]
  const file = join(place.home, '.claude.json')
  return [
    { file, marker: file },
    { file, marker: join(place.home, '.claude') },
  ]
}

/** The store package of Windows keeps its files apart, where the plain folder is never read. */
export function claudeDesktop(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const at = (...folders: string[]): Location => {
    const marker = join(...folders)
    return { file: join(marker, 'claude_desktop_config.json'), marker }
  }
  const plain = at(appData(place), 'Claude')
  if (place.platform !== 'win32') return [plain]
  const local = place.env.LOCALAPPDATA || join(place.home, 'AppData', 'Local')
  return [
    at(local, 'Claude-Data', 'claude*'),
    at(local, 'Packages', 'Claude_*', 'LocalCache', 'Roaming', 'Claude'),
    plain,
  ]
}

export function vsCode(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = join(appData(place), 'Code')
  return [{ file: join(marker, 'User', 'mcp.json'), marker }]
}

export function codex(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = place.env.CODEX_HOME || join(place.home, '.codex')
  return [{ file: join(marker, 'config.toml'), marker }]
}

/** Windsurf became Devin Desktop, which has a new home; installations of before keep the old one. */
export function windsurf(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker =
    place.platform === 'win32' ? join(appData(place), 'devin') : join(place.home, '.config', 'devin')
  return [
    { file: join(marker, 'mcp_config.json'), marker },
    inHome(place, ['.codeium', 'windsurf'], 'mcp_config.json'),
  ]
}

export function inHome(place: Place, folders: readonly string[], name: string): Location {
  const { join } = pathRules(place.platform)
  const marker = join(place.home, ...folders)
  return { file: join(marker, name), marker }
}

/** Where desktop programs keep their settings. */
function appData(place: Place): string {
  const { join } = pathRules(place.platform)
  if (place.platform === 'win32') return place.env.APPDATA || join(place.home, 'AppData', 'Roaming')
  if (place.platform === 'darwin') return join(place.home, 'Library', 'Application Support')
  return place.env.XDG_CONFIG_HOME || join(place.home, '.config')
}

export function gemini(place: Place): Location[] {
  return [inHome({ ...place, home: place.env.GEMINI_CLI_HOME || place.home }, ['.gemini'], 'settings.json')]
}

/** It reads both names and takes them together; a new file gets the one that it writes itself. */
export function openCode(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = join(configHome(place), 'opencode')
  const [file, older] = [join(marker, 'opencode.jsonc'), join(marker, 'opencode.json')]
  return [
    { file, marker: file },
    { file: older, marker: older },
    { file, marker },
  ]
}

export function cline(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = join(place.home, '.cline')
  return [{ file: join(marker, 'data', 'settings', 'cline_mcp_settings.json'), marker }]
}

export function amp(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = join(configHome(place), 'amp')
  return [{ file: join(marker, 'settings.json'), marker }]
}

/** Where programs of the shell keep their settings, on every system. */
function configHome(place: Place): string {
  return place.env.XDG_CONFIG_HOME || pathRules(place.platform).join(place.home, '.config')
}
