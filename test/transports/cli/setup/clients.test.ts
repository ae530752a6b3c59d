import { describe, expect, test } from 'vitest'
import type { Place } from '../../../../src/transports/cli/setup/clients/client-files.ts'
import { CLIENTS, type ClientId } from '../../../../src/transports/cli/setup/clients/clients.ts'

const LINUX: Place = { home: '/home/ada', platform: 'linux', env: {} }
const MAC: Place = { home: '/Users/ada', platform: 'darwin', env: {} }
const WINDOWS: Place = {
  home: 'C:\\Users\\ada',
  platform: 'win32',
  env: { APPDATA: 'D:\\Roaming', LOCALAPPDATA: 'D:\\Local' },
}

function files(id: ClientId, place: Place): string[] {
  const client = CLIENTS.find((known) => known.id === id)
  return [...new Set(client?.locations(place).map((location) => location.file))]
}

describe('the file of each client', () => {
  test.each<[ClientId, string, string, string]>([
    ['claude-code', '/home/ada/.claude.json', '/Users/ada/.claude.json', 'C:\\Users\\ada\\.claude.json'],
    [
      'cursor',
      '/home/ada/.cursor/mcp.json',
      '/Users/ada/.cursor/mcp.json',
      'C:\\Users\\ada\\.cursor\\mcp.json',
    ],
    [
      'vscode',
      '/home/ada/.config/Code/User/mcp.json',
      '/Users/ada/Library/Application Support/Code/User/mcp.json',
      'D:\\Roaming\\Code\\User\\mcp.json',
    ],
    [
      'codex',
      '/home/ada/.codex/config.toml',
      '/Users/ada/.codex/config.toml',
      'C:\\Users\\ada\\.codex\\config.toml',
    ],
    [
      'gemini-cli',
      '/home/ada/.gemini/settings.json',
      '/Users/ada/.gemini/settings.json',
      'C:\\Users\\ada\\.gemini\\settings.json',
    ],
    [
      'qwen-code',
      '/home/ada/.qwen/settings.json',
      '/Users/ada/.qwen/settings.json',
      'C:\\Users\\ada\\.qwen\\settings.json',
    ],
    [
      'copilot-cli',
      '/home/ada/.copilot/mcp-config.json',
      '/Users/ada/.copilot/mcp-config.json',
      'C:\\Users\\ada\\.copilot\\mcp-config.json',
    ],
    [
      'cline',
      '/home/ada/.cline/data/settings/cline_mcp_settings.json',
      '/Users/ada/.cline/data/settings/cline_mcp_settings.json',
      'C:\\Users\\ada\\.cline\\data\\settings\\cline_mcp_settings.json',
    ],
    [
      'continue',
      '/home/ada/.continue/config.yaml',
      '/Users/ada/.continue/config.yaml',
      'C:\\Users\\ada\\.continue\\config.yaml',
    ],
    [
      'amp',
      '/home/ada/.config/amp/settings.json',
      '/Users/ada/.config/amp/settings.json',
      'C:\\Users\\ada\\.config\\amp\\settings.json',
    ],
  ])('%s', (id, linux, mac, windows) => {
    expect(files(id, LINUX)).toEqual([linux])
    expect(files(id, MAC)).toEqual([mac])
    expect(files(id, WINDOWS)).toEqual([windows])
  })

  test('claude-desktop, whose Windows packages keep their own folder', () => {
    expect(files('claude-desktop', LINUX)).toEqual(['/home/ada/.config/Claude/claude_desktop_config.json'])
    expect(files('claude-desktop', MAC)).toEqual([
      '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    ])
    expect(files('claude-desktop', WINDOWS)).toEqual([
      'D:\\Local\\Claude-Data\\claude*\\claude_desktop_config.json',
      'D:\\Local\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
      'D:\\Roaming\\Claude\\claude_desktop_config.json',
    ])
  })

  test('windsurf, at its new home and at the one of before', () => {
    expect(files('windsurf', LINUX)).toEqual([
      '/home/ada/.config/devin/mcp_config.json',
      '/home/ada/.codeium/windsurf/mcp_config.json',
    ])
    expect(files('windsurf', WINDOWS)).toEqual([
      'D:\\Roaming\\devin\\mcp_config.json',
      'C:\\Users\\ada\\.codeium\\windsurf\\mcp_config.json',
    ])
  })

  test('opencode, under either name that it reads', () => {
    expect(files('opencode', LINUX)).toEqual([
      '/home/ada/.config/opencode/opencode.jsonc',
      '/home/ada/.config/opencode/opencode.json',
    ])
  })

  test('follows the variables that move it', () => {
    const env = {
      XDG_CONFIG_HOME: '/conf',
      CLAUDE_CONFIG_DIR: '/claude',
      CODEX_HOME: '/codex',
      GEMINI_CLI_HOME: '/gem',
    }
    const place = { ...LINUX, env }
    expect(files('vscode', place)).toEqual(['/conf/Code/User/mcp.json'])
    expect(files('claude-desktop', place)).toEqual(['/conf/Claude/claude_desktop_config.json'])
    expect(files('claude-code', place)).toEqual(['/claude/.claude.json'])
    expect(files('codex', place)).toEqual(['/codex/config.toml'])
    expect(files('gemini-cli', place)).toEqual(['/gem/.gemini/settings.json'])
    expect(files('opencode', place)[0]).toBe('/conf/opencode/opencode.jsonc')
    expect(files('amp', place)).toEqual(['/conf/amp/settings.json'])
  })

  test('without APPDATA is where Windows puts it', () => {
    const place = { ...WINDOWS, env: {} }
    expect(files('vscode', place)).toEqual(['C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json'])
  })

  test('project files', () => {
    const found = CLIENTS.filter((client) => client.projectFile).map(({ id, projectFile }) => [
      id,
      projectFile,
    ])
    expect(Object.fromEntries(found)).toEqual({
      'claude-code': '.mcp.json',
      cursor: '.cursor/mcp.json',
      vscode: '.vscode/mcp.json',
      codex: '.codex/config.toml',
      'gemini-cli': '.gemini/settings.json',
      opencode: 'opencode.json',
      'qwen-code': '.qwen/settings.json',
    })
  })
})
