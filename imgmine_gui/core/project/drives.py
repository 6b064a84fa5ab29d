"""What kind of drive a folder lies on, as far as it matters for what the operating system tells of it."""

import os

NETWORK = frozenset(
    {
        *("nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "ncpfs", "webdav", "davfs", "afs", "coda"),
        *("9p", "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "orangefs", "pvfs2", "ocfs2", "gfs2"),
        *("vboxsf", "vmhgfs", "virtiofs", "prl_fs", "drvfs"),
        *("fuse.sshfs", "fuse.davfs", "fuse.davfs2", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.curlftpfs"),
        *("fuse.smbnetfs", "fuse.glusterfs", "fuse.ceph", "fuse.gvfsd-fuse", "fuse.kio-fuse", "fuse.vmhgfs-fuse"),
        *("fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.juicefs", "fuse.seaweedfs", "fuse.hadoop_fuse_dfs"),
    }
)
"""File systems that other machines (or the host of a virtual machine) write to without this kernel being told."""


def is_on_network(path: str) -> bool:
    """Whether the drive of ``path`` is reached through a network, or shared with the host of a virtual machine.

    Looks at the table of mounted drives only, and not at the drive itself, which may never answer.

    Args:
        path: absolute, without links: see ``os.path.realpath``.
    """
    import psutil  # 0.03 s: not at the start

    if path.startswith("\\\\"):  # a share of Windows, without a letter
        return True
    mounted = [one for one in psutil.disk_partitions(all=True) if _lies_in(path, one.mountpoint)]
    if not mounted:
        return False
    drive = max(reversed(mounted), key=lambda one: len(one.mountpoint))  # of two at one place, the one mounted last
    return drive.fstype.lower() in NETWORK or "remote" in drive.opts.split(",")


def _lies_in(path: str, folder: str) -> bool:
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
