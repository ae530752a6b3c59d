/** One package of package-lock.json, as far as we look at it. */
export interface LockedPackage {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

export type LockedPackages = Record<string, LockedPackage>

interface MissingPackage {
  readonly name: string
  readonly version: string
}

/**
 * The optional packages (the native parts of a tool, one for each platform) that the lock file should have and has
 * not. npm leaves out what a registry mirror does not serve, and `npm ci` then refuses the whole file.
 */
export function missingOptionals(packages: LockedPackages): MissingPackage[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isFound(packages, path, name))
      .map(([name, version]) => ({ name, version })),
  )
}

/** An entry by which npm on another platform passes the package over. */
export function platformEntry({ name, version }: MissingPackage): LockedPackage {
  const words = name.split(/[/-]/)
  const os = words.find((word) =>
    /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)$/.test(word),
  )
  const cpu = words.find((word) => /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)$/.test(word))
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version))
    throw new Error(`${name}@${version}: for which platform?`)
  const libc = words.find((word) => /^(gnu|musl)/.test(word))
  return {
    version,
    cpu: [cpu],
    dev: true,
    ...(os === 'linux' && libc ? { libc: [libc.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os: [os],
  }
}

/** As Node looks a package up: beside the one that asks, then in each folder above. */
function isFound(packages: LockedPackages, path: string, name: string): boolean {
  const folders = path.split('/node_modules/')
  const places = folders.map(
    (_, depth) => `${folders.slice(0, depth + 1).join('/node_modules/')}/node_modules/${name}`,
  )
  return [`node_modules/${name}`, ...places].some((place) => packages[place] !== undefined)
}
