// Preloaded with --import: connections to Alpaca's hosts go to the exchange on this computer instead. The client
// itself is unmodified; it still asks for Alpaca's names and verifies the certificate for them.
import net from "node:net";

const port = Number(process.env.SENTIO_PORT);
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  const listed = Array.isArray(given[0]);
  const options = listed ? given[0][0] : given[0];
  if (options && typeof options === "object" && /(^|\.)alpaca\.markets$/.test(options.host ?? "")) {
    const local = { ...options, host: "127.0.0.1", port };
    if (listed) given[0][0] = local;
    else given[0] = local;
  }
  return connect.apply(this, given);
};
