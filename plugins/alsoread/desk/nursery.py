"""How do long pieces of work begin, and surely end, beside a server that must never wait?

Each in a process of its own, a *worker*, with a line to the server. A process that is forked while another thread holds
a lock never gets that lock, and a server has threads; so before it has any, one process is forked that has none and
never will: the *nursery*, which only waits to be told, and forks the workers. They have everything that was imported
until then. (The fork server of ``multiprocessing`` begins as a new interpreter, which would have to import it all again
and could not be given settings, functions and what else cannot be pickled.)

Nothing outlives the server, however it ends: the operating system then closes its end of the nursery's line, and the
nursery kills its workers and ends too. Keys such as Ctrl-C are the server's alone.
"""

import gc
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, NoReturn

__all__ = ["Line", "Nursery", "Worker", "can_fork"]

Line = Connection
"""What a worker and the server tell each other, as Python objects; the end of one is an EOFError to the other."""

_COMMAND: Final = struct.Struct("=ci")
_PID: Final = struct.Struct("=i")


def can_fork() -> bool:
    """Whether this system has what a nursery needs."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


@dataclass(frozen=True, slots=True)
class Worker:
    """A process at work, and the server's end of the line to it."""

    pid: int
    line: "Connection[Any, Any]"

    def answer(self, question: object, patience: float) -> Any:
        """What it says to a question.

        :raises OSError: if it is no more, or does not answer within so many seconds.
        """
        self.line.send(question)
        if not self.line.poll(patience):
            raise TimeoutError
        try:
            return self.line.recv()
        except EOFError as error:
            raise ConnectionError from error


class Nursery:
    """The server's side of it; ``work`` is what each worker does with its end of the line.

    To be made before the process has other threads.
    """

    def __init__(self, work: Callable[["Connection[Any, Any]"], None]) -> None:
        self._control, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        # a Ctrl-C at this moment is the server's, and waits
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        self._pid = os.fork()
        if not self._pid:
            try:
                self._control.close()
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                _wait(theirs, work)
            finally:
                # never back to where the server goes on
                os._exit(1)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()

    def worker(self) -> Worker:
        """Start one.

        :raises OSError: if the nursery is no more.
        """
        ours, theirs = socket.socketpair()
        # until all has gone well: a connection of its own is made of it then
        with ours, theirs:
            socket.send_fds(self._control, [_COMMAND.pack(b"+", 0)], [theirs.fileno()])
            answer = self._control.recv(_PID.size, socket.MSG_WAITALL)
            if len(answer) != _PID.size:
                raise ConnectionError("the process that starts builds is no more")
            return Worker(_PID.unpack(answer)[0], Connection(ours.detach()))

    def end(self, worker: Worker) -> None:
        """End a worker, whatever it is doing."""
        worker.line.close()
        with suppress(OSError):
            self._control.sendall(_COMMAND.pack(b"-", worker.pid))

    def close(self) -> None:
        """End all workers, and wait until they are no more."""
        self._control.close()
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def _wait(control: socket.socket, work: Callable[["Connection[Any, Any]"], None]) -> NoReturn:
    """Start and end workers as the server says, until it says nothing more."""
    # a collector that looks at what all workers share would copy it for each of them
    gc.collect()
    gc.freeze()
    workers: set[int] = set()
    with suppress(OSError):
        while True:
            told, files, _, _ = socket.recv_fds(control, _COMMAND.size, 1, socket.MSG_WAITALL)
            if len(told) < _COMMAND.size:
                break
            command, pid = _COMMAND.unpack(told)
            if command == b"+":
                workers.add(_start(control, files[0], work))
            # those that ended by themselves too: they may have left something running
            over = {each for each in workers if each == pid or os.waitpid(each, os.WNOHANG)[0]}
            _kill(over)
            workers -= over
    _kill(workers)
    os._exit(0)


def _start(control: socket.socket, line: int, work: Callable[["Connection[Any, Any]"], None]) -> int:
    pid = os.fork()
    if not pid:
        control.close()
        os.setpgid(0, 0)
        _work(line, work)
    # by whoever of the two comes first
    with suppress(OSError):
        os.setpgid(pid, pid)
    os.close(line)
    control.sendall(_PID.pack(pid))
    return pid


def _work(line: int, work: Callable[["Connection[Any, Any]"], None]) -> NoReturn:
    code = 1
    try:
        with suppress(EOFError, ConnectionError), Connection(line) as connection:
            work(connection)
        code = 0
    except BaseException:  # noqa: BLE001 - nobody else would tell of it
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _kill(workers: set[int]) -> None:
    """End workers with all that they may have started: each is a process group."""
    for pid in workers:
        # on some systems a group of zombies cannot be sent anything
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    for pid in workers:
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
