import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../../domain/errors.ts'

// f_type of statfs(2) on Linux. WAL needs shared memory between the processes, which these don't give across machines.
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x564c, 'NCP'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x19830326, 'BeeGFS'],
])

/** All of FUSE has one number; the table of mounts says which of them it is. Only those that reach other machines count. */
const FUSE = 0x65735546
const NETWORK_FUSE =
  /^fuse\.(sshfs|s3fs|s3ql|goofys|gcsfuse|rclone|glusterfs|ceph|ceph-fuse|davfs|curlftpfs|smbnetfs|fuse-nfs|nfs|juicefs|mfs|moosefs|blobfuse2?|google-drive-ocamlfuse|onedriver)\b/i

/**
 * Plan 9's protocol: how a guest sees its host's disks, WSL those of Windows, and gVisor its own, which no
 * other machine shares.
 */
const PLAN9 = 0x01021997
/** WSL 1 has one number for its own files and for the disks of Windows. */
const WSL = 0x53464846
const BY_TABLE = [FUSE, PLAN9, WSL]

/** How the machine is asked; tests answer for it. */
export interface Mounts {
  /** The number of the file system that holds the path; 0 where the platform does not tell. */
  readonly typeOf: (path: string) => number
  /** The lines of /proc/mounts. */
  readonly table: () => string
}

const REAL_MOUNTS: Mounts = {
  typeOf: (path) => (process.platform === 'linux' ? statfsSync(path).type : 0),
  table: () => readFileSync('/proc/mounts', 'utf8'),
}

/** Refuses a file on a network file system: locks and shared memory do not hold there. */
export function refuseNetworkFileSystem(path: string, mounts: Mounts = REAL_MOUNTS): void {
  const name = networkFileSystem(path, mounts)
  if (name === undefined) return
  throw new AppError(
    'DATABASE_ERROR',
    `${path} is on ${name}, a network file system: SQLite's locks do not hold there.`,
    {
      suggestion:
        'Use a local disk (AGENT_MEMORY_DATA_DIR) and share it between machines through a server, never through a network folder.',
    },
  )
}

/** The name of the network file system that the path is on, or would be; undefined for a local one. */
export function networkFileSystem(path: string, mounts: Mounts = REAL_MOUNTS): string | undefined {
  if (path.startsWith('\\\\')) return 'a network share'
  // A link may lead to another file system than the folder that it stands in.
  const place = realpathSync(nearestExisting(path))
  const type = mounts.typeOf(place)
  if (!BY_TABLE.includes(type)) return NETWORK_FILE_SYSTEMS.get(type)
  const { kind = '', options = '' } = mountOf(place, mounts.table())
  if (kind === 'drvfs' || /\baname=drvfs\b/.test(options)) return 'drvfs (a disk of Windows)'
  if (kind === '9p') return /\btrans=(?:tcp|unix|virtio|rdma|xen)\b/.test(options) ? '9p' : undefined
  return kind === 'virtiofs' || NETWORK_FUSE.test(kind) ? kind : undefined
}

interface Mount {
  readonly kind?: string | undefined
  readonly options?: string | undefined
}

/** The mount with the longest path above this one; of two on the same path the later one counts. */
function mountOf(path: string, table: string): Mount {
  let best = ''
  let mount: Mount = {}
  for (const line of table.split('\n')) {
    const [, escaped, kind, options] = line.split(' ')
    const folder = unescaped(escaped ?? '')
    if (!isInside(path, folder) || folder.length < best.length) continue
    best = folder
    mount = { kind, options }
  }
  return mount
}

function isInside(path: string, folder: string): boolean {
  return folder === '/' || path === folder || (folder !== '' && path.startsWith(`${folder}/`))
}

/** Blanks and the like are written in octal there. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

export function nearestExisting(path: string): string {
  let place = path
  while (!existsSync(place) && place !== dirname(place)) place = dirname(place)
  return place
}
