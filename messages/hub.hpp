// What uplinks, terminals and the hub say to each other over CAF with TLS. The texts are JSON objects, those
// of tools/sentio-hub/web/contract.md and those named below; whoever receives one checks its size and its
// shape.
#pragma once

#include <caf/all.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

CAF_BEGIN_TYPE_ID_BLOCK(sentio_hub, caf::first_custom_type_id + 200)
CAF_ADD_ATOM(sentio_hub, sentio, tell_atom, "tell")     // hub to anybody: a text
CAF_ADD_ATOM(sentio_hub, sentio, join_atom, "join")     // uplink to hub: an instance is here
CAF_ADD_ATOM(sentio_hub, sentio, report_atom, "report") // uplink to hub: what the instance says
CAF_ADD_ATOM(sentio_hub, sentio, look_atom, "look")     // terminal to hub: send me what there is
CAF_ADD_ATOM(sentio_hub, sentio, select_atom, "select") // terminal to hub: this instance
CAF_ADD_ATOM(sentio_hub, sentio, order_atom, "order")   // terminal to hub: relay a signed command
CAF_ADD_ATOM(sentio_hub, sentio, alive_atom, "alive")   // anybody to hub

namespace sentio {

/// An uplink or a terminal, as the hub sees it. An uplink is told signed commands and {"type":"whole"} (send
/// the history and a whole snapshot again); a terminal the messages of the contract and {"type":"answer",...}
/// to its commands. The hub tells by request and waits for the (empty) response: a slow peer gets less, not
/// later.
using hub_peer = caf::typed_actor<caf::reacts_to<tell_atom, std::string>>;

} // namespace sentio

// The only type that needs a name on the wire: config.add_message_types<caf::id_block::sentio_hub>().
CAF_ADD_TYPE_ID(sentio_hub, (sentio::hub_peer))
CAF_END_TYPE_ID_BLOCK(sentio_hub)

namespace sentio {

inline constexpr std::uint32_t hub_protocol = 1;
inline constexpr std::size_t longest_hub_text = 4 * 1024 * 1024;

/// The hub. `join`: protocol, itself, and {"id","name","kind"}; answers "" or why not (another protocol, a
/// bad or taken id). `look`: protocol and itself; answers the contract's hello, or
/// {"type":"refused","why":...}.
using hub_actor =
    caf::typed_actor<caf::replies_to<join_atom, std::uint32_t, hub_peer, std::string>::with<std::string>,
                     caf::reacts_to<report_atom, hub_peer, std::string>,
                     caf::replies_to<look_atom, std::uint32_t, hub_peer>::with<std::string>,
                     caf::reacts_to<select_atom, hub_peer, std::string>,
                     caf::reacts_to<order_atom, hub_peer, std::string>,
                     caf::replies_to<alive_atom>::with<bool>>;

} // namespace sentio
