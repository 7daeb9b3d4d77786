// A TLS connection whose bytes a test writes itself: what no decent client would send.
#pragma once

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace sentio::test {

class raw_socket {
public:
  /// Connects to a port of 127.0.0.1; with TLS unless told otherwise. Reads wait for at most two seconds.
  explicit raw_socket(int port, bool with_tls = true) {
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    const timeval longest{2, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    good_ = connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (!good_ || !with_tls)
      return;
    context_ = SSL_CTX_new(TLS_client_method());
    tls_ = SSL_new(context_);
    SSL_set_fd(tls_, descriptor_);
    good_ = SSL_connect(tls_) == 1;
  }
  ~raw_socket() {
    SSL_free(tls_);
    SSL_CTX_free(context_);
    close(descriptor_);
  }
  raw_socket(const raw_socket&) = delete;
  raw_socket& operator=(const raw_socket&) = delete;

  bool good() const { return good_; }

  /// False when the peer has ended the connection.
  bool write(std::string_view bytes) {
    while (good_ && !bytes.empty()) {
      const long written =
          tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
               : static_cast<long>(send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (written <= 0)
        return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return good_;
  }

  /// What has come until it holds `part`, the peer ends, or nothing comes for two seconds, if that is later
  /// than `patience` from now.
  std::string read_until(std::string_view part, std::chrono::seconds patience = {}) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string out;
    char piece[16'384];
    while (out.find(part) == std::string::npos) {
      const long length = tls_ ? SSL_read(tls_, piece, sizeof piece)
                               : static_cast<long>(recv(descriptor_, piece, sizeof piece, 0));
      if (length <= 0) {
        if (tls_ && SSL_get_error(tls_, static_cast<int>(length)) == SSL_ERROR_WANT_READ &&
            std::chrono::steady_clock::now() < until)
          continue;
        break;
      }
      out.append(piece, static_cast<std::size_t>(length));
    }
    return out;
  }
  /// What comes next; empty when nothing does.
  std::string read_once() {
    char piece[16'384];
    const long length = tls_ ? SSL_read(tls_, piece, sizeof piece)
                             : static_cast<long>(recv(descriptor_, piece, sizeof piece, 0));
    return length > 0 ? std::string(piece, static_cast<std::size_t>(length)) : std::string();
  }
  /// Everything until the peer ends; true when it did, false when it only fell silent.
  bool read_to_end() {
    char piece[16'384];
    for (;;) {
      const int length = SSL_read(tls_, piece, sizeof piece);
      if (length > 0)
        continue;
      const int why = SSL_get_error(tls_, length);
      return why != SSL_ERROR_WANT_READ;
    }
  }

private:
  int descriptor_ = -1;
  bool good_ = false;
  SSL_CTX* context_ = nullptr;
  SSL* tls_ = nullptr;
};

/// A client's web socket frame, masked as the protocol wants it.
inline std::string client_frame(unsigned opcode, bool final, std::string_view payload) {
  std::string out;
  out += static_cast<char>((final ? 0x80U : 0U) | opcode);
  const auto size = payload.size();
  if (size < 126) {
    out += static_cast<char>(0x80U | size);
  } else if (size < 65'536) {
    out += static_cast<char>(0x80U | 126U);
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(size & 0xFF);
  } else {
    out += static_cast<char>(0x80U | 127U);
    for (int shift = 56; shift >= 0; shift -= 8)
      out += static_cast<char>(size >> shift & 0xFF);
  }
  constexpr std::string_view mask = "\x12\x34\x56\x78";
  out += mask;
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}

} // namespace sentio::test
