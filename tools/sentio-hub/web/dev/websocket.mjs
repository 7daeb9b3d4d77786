// The server's half of RFC 6455, as much as tests and pictures need: text frames, ping, close.
import { createHash } from "node:crypto";

const magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function frame(opcode, payload) {
  const size = payload.length;
  const head = size < 126 ? Buffer.alloc(2) : size < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  if (size < 126) head[1] = size;
  else if (size < 65536) (head[1] = 126), head.writeUInt16BE(size, 2);
  else (head[1] = 127), head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, payload]);
}

/** Answers the upgrade; returns {send(text), close(code), cut(), on_text, on_close} or null when it is none. */
export function accept(request, socket) {
  const key = request.headers["sec-websocket-key"];
  if (!key) return socket.destroy(), null;
  const spoken = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((word) => word.trim());
  const lines = [
    "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${createHash("sha1").update(key + magic).digest("base64")}`,
  ];
  if (spoken.includes("sentio.1")) lines.push("Sec-WebSocket-Protocol: sentio.1");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const peer = {
    spoken,
    on_text: () => {},
    on_close: () => {},
    send: (text) => socket.writable && socket.write(frame(1, Buffer.from(text))),
    close(code) {
      const payload = Buffer.alloc(2);
      payload.writeUInt16BE(code);
      socket.end(frame(8, payload));
    },
    cut: () => socket.destroy(),
  };
  let rest = Buffer.alloc(0);
  socket.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 6) {
      const size = rest[1] & 127;
      if (size > 125 + 1 || (rest[1] & 128) === 0) return peer.cut();
      const start = size === 126 ? 8 : 6;
      const length = size === 126 ? rest.readUInt16BE(2) : size;
      if (rest.length < start + length) return;
      const mask = rest.subarray(start - 4, start);
      const payload = Buffer.from(rest.subarray(start, start + length).map((byte, i) => byte ^ mask[i % 4]));
      const opcode = rest[0] & 15;
      rest = rest.subarray(start + length);
      if (opcode === 8) return peer.close(1000);
      if (opcode === 9) socket.write(frame(10, payload));
      if (opcode === 1) peer.on_text(payload.toString("utf8"));
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => peer.on_close());
  return peer;
}
