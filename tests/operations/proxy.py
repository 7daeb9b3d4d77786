"""A TCP proxy on loopback whose cable can be pulled.

    proxy.py HOST:PORT FILE

Writes its own HOST:PORT to FILE. While FILE.cut exists everything is swallowed, in both directions and without a
word, and new connections are taken and answered with silence. What was swallowed never comes: after the cut the old
connections stay mute, as behind a router that has forgotten them.
"""
import os
import socket
import sys
import threading

host, port = sys.argv[1].rsplit(":", 1)
file = sys.argv[2]


def is_cut():
    return os.path.exists(file + ".cut")


def carry(source, sink, state):
    try:
        while data := source.recv(65536):
            state["mute"] = state["mute"] or is_cut()
            if not state["mute"]:
                sink.sendall(data)
    except OSError:
        pass
    if state["mute"]:
        return  # not even the end is told
    for one in (source, sink):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(near):
    try:
        far = socket.create_connection((host, int(port)))
    except OSError:
        return near.close()  # nobody is there
    state = {"mute": is_cut()}
    threading.Thread(target=carry, args=(far, near, state), daemon=True).start()
    carry(near, far, state)


listener = socket.create_server(("127.0.0.1", 0))
with open(file, "w") as out:
    out.write("127.0.0.1:%d" % listener.getsockname()[1])
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
