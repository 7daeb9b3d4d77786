#include "core/exchange/state_file.hpp"

#include <sqlite3.h>

#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

namespace sentio::venue {

namespace {

/// One prepared statement, finalised at the end of the scope.
class statement {
public:
  statement(sqlite3* database, const char* sql) {
    if (sqlite3_prepare_v2(database, sql, -1, &handle_, nullptr) != SQLITE_OK)
      handle_ = nullptr;
  }
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;
  ~statement() { sqlite3_finalize(handle_); }
  sqlite3_stmt* get() const { return handle_; }

private:
  sqlite3_stmt* handle_ = nullptr;
};

std::string column_text(sqlite3_stmt* s, int column) {
  const void* bytes = sqlite3_column_blob(s, column);
  const int size = sqlite3_column_bytes(s, column);
  return bytes ? std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : std::string();
}

void bind_text(sqlite3_stmt* s, int place, const std::string& text) {
  // A null destructor is SQLITE_STATIC: the text outlives the step.
  sqlite3_bind_text(s, place, text.data(), static_cast<int>(text.size()), nullptr);
}

constexpr const char* schema = "CREATE TABLE IF NOT EXISTS facts(number INTEGER, key TEXT PRIMARY KEY, body TEXT);"
                               "CREATE TABLE IF NOT EXISTS orders(number INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT);"
                               "CREATE TABLE IF NOT EXISTS positions(number INTEGER, key TEXT PRIMARY KEY, body TEXT);"
                               "CREATE TABLE IF NOT EXISTS executions(number INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT);"
                               "CREATE TABLE IF NOT EXISTS documents(number INTEGER, key TEXT PRIMARY KEY, body TEXT);";

/// Of the layout of the rows, kept in the file's user_version. A file of version 0 or 1 has only simple orders and
/// no venue time: it is read as it is and becomes one of version 2.
constexpr int state_version = 2;

json full_execution(const venue_execution& e) {
  return {{"id", e.id},         {"order_id", e.order_id}, {"symbol", e.symbol}, {"buy", e.buy},
          {"shares", e.shares}, {"price", e.price},       {"value", e.value},   {"at", e.at}};
}

} // namespace

void state_file::fail(const char* what) {
  throw std::runtime_error("state file " + name_ + ": " + what + ": "
                           + (database_ ? sqlite3_errmsg(database_) : "out of memory"));
}

void state_file::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(sql);
}

state_file::state_file(const std::string& name, books& account) : name_(name) {
  if (name_.empty())
    return;
  try {
    if (sqlite3_open(name_.c_str(), &database_) != SQLITE_OK)
      fail("cannot be opened");
    // Write-ahead logging outlives a killed process without a wait for the disk at each order.
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=NORMAL");
    check_version();
    run(schema);
    load(account);
  } catch (const json::exception& e) {
    sqlite3_close(database_);
    throw std::runtime_error("state file " + name_ + ": " + e.what());
  } catch (...) {
    sqlite3_close(database_);
    throw;
  }
}

state_file::~state_file() { sqlite3_close(database_); }

void state_file::check_version() {
  int version = 0;
  {
    const statement row(database_, "PRAGMA user_version");
    if (!row.get() || sqlite3_step(row.get()) != SQLITE_ROW)
      fail("its version cannot be read");
    version = sqlite3_column_int(row.get(), 0);
  }
  if (version > state_version)
    throw std::runtime_error("state file " + name_ + " has version " + std::to_string(version)
                             + ", this program knows versions up to " + std::to_string(state_version)
                             + ": use the program that wrote it, or another file");
  run(("PRAGMA user_version=" + std::to_string(state_version)).c_str());
}

void state_file::load(books& account) {
  const auto each = [&](const char* sql, const std::function<void(std::int64_t, const std::string&, const json&)>& use) {
    const statement rows(database_, sql);
    if (!rows.get())
      fail(sql);
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(rows.get())) == SQLITE_ROW)
      use(sqlite3_column_int64(rows.get(), 0), column_text(rows.get(), 1), json::parse(column_text(rows.get(), 2)));
    if (step != SQLITE_DONE)
      fail(sql);
  };
  each("SELECT number, key, body FROM facts", [&](std::int64_t, const std::string& key, const json& body) {
    if (key == "time") {
      account.time = body.at("venue_ms");
      return;
    }
    if (key != "account")
      return;
    found_ = true;
    account.cash = body.at("cash");
    account.last_equity = body.at("last_equity");
    account.equity_day = body.at("equity_day");
    account.events = body.at("events");
    account.last_stamp_ = body.at("last_stamp");
  });
  each("SELECT number, key, body FROM orders ORDER BY number",
       [&](std::int64_t, const std::string&, const json& body) {
         const venue_order read = order_of_record(body);
         venue_order& kept = account.add_order(read);
         account.schedule(kept, read.next_time);
       });
  each("SELECT number, key, body FROM positions", [&](std::int64_t, const std::string& key, const json& body) {
    account.positions_[key] = {body.at("shares"), body.at("cost")};
  });
  std::map<std::string, quantity> filled;
  each("SELECT number, key, body FROM executions ORDER BY number",
       [&](std::int64_t number, const std::string&, const json& b) {
         const quantity after = filled[b.at("order_id")] += b.at("shares").get<quantity>();
         account.executions_.push_back({number, b.at("id"), b.at("order_id"), b.at("symbol"), b.at("buy"),
                                        b.at("shares"), b.at("price"), b.at("value"), b.at("at"), after});
       });
  each("SELECT number, key, body FROM documents", [&](std::int64_t, const std::string& key, const json& body) {
    account.documents_[key] = body;
  });
  account.written_executions_ = account.executions_.size();
  account.changed_orders_.clear();
}

void state_file::put(const char* sql, std::int64_t number, const std::string& key, const std::string& body) {
  const statement row(database_, sql);
  if (!row.get())
    fail(sql);
  sqlite3_bind_int64(row.get(), 1, number);
  bind_text(row.get(), 2, key);
  bind_text(row.get(), 3, body);
  if (sqlite3_step(row.get()) != SQLITE_DONE)
    fail(sql);
}

void state_file::put_time(const books& account) {
  put("INSERT OR REPLACE INTO facts VALUES(?,?,?)", 0, "time", json{{"venue_ms", account.time}}.dump());
  written_time_ = account.time;
}

void state_file::write_time(const books& account) {
  if (database_ && account.time >= written_time_ + time_interval_ms)
    put_time(account);
}

void state_file::write(books& account) {
  if (!database_)
    return;
  std::string facts = json{{"cash", account.cash},
                           {"last_equity", account.last_equity},
                           {"equity_day", account.equity_day},
                           {"events", account.events},
                           {"last_stamp", account.last_stamp_}}.dump();
  if (facts == facts_ && account.changed_orders_.empty() && account.changed_positions_.empty()
      && account.changed_documents_.empty() && account.written_executions_ == account.executions_.size())
    return;
  run("BEGIN");
  for (const std::int64_t sequence : account.changed_orders_) {
    const venue_order& o = account.order(sequence);
    put("INSERT OR REPLACE INTO orders VALUES(?,?,?)", sequence, o.client_order_id, order_record(o).dump());
  }
  for (const std::string& symbol : account.changed_positions_) {
    const auto position = account.positions_.find(symbol);
    if (position == account.positions_.end())
      put("DELETE FROM positions WHERE ?1 = 0 AND key = ?2 AND ?3 = ''", 0, symbol, {});
    else
      put("INSERT OR REPLACE INTO positions VALUES(?,?,?)", 0, symbol,
          json{{"shares", position->second.shares}, {"cost", position->second.cost}}.dump());
  }
  for (std::size_t i = account.written_executions_; i < account.executions_.size(); ++i) {
    const venue_execution& e = account.executions_[i];
    put("INSERT INTO executions VALUES(?,?,?)", e.sequence, e.id, full_execution(e).dump());
  }
  for (const std::string& name : account.changed_documents_)
    put("INSERT OR REPLACE INTO documents VALUES(?,?,?)", 0, name, account.documents_.at(name).dump());
  put("INSERT OR REPLACE INTO facts VALUES(?,?,?)", 0, "account", facts);
  put_time(account);
  run("COMMIT");
  facts_ = std::move(facts);
  account.changed_orders_.clear();
  account.changed_positions_.clear();
  account.changed_documents_.clear();
  account.written_executions_ = account.executions_.size();
}

} // namespace sentio::venue
