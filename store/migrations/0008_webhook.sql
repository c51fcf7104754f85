-- +goose Up

-- An address that is told of what becomes of posts. Its secrets stand here as they are, since messages are signed by them.
CREATE TABLE webhook (
	id INTEGER PRIMARY KEY,
	url TEXT NOT NULL,
	description TEXT NOT NULL,
	events TEXT NOT NULL, -- a JSON array
	client_id INTEGER REFERENCES client (id) ON DELETE SET NULL, -- whose addresses of posts are told; NULL for the site's
	secret TEXT NOT NULL,
	previous_secret TEXT, -- which counts beside it
	secret_ends_at INTEGER, -- until then
	created_at INTEGER NOT NULL,
	disabled_at INTEGER,
	disabled_reason TEXT,
	failing_since INTEGER,
	last_delivered_at INTEGER
) STRICT;

-- A message to a webhook, written in the transaction that did what it tells of.
CREATE TABLE webhook_delivery (
	id INTEGER PRIMARY KEY,
	webhook_id INTEGER NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
	notice_id TEXT NOT NULL,
	event TEXT NOT NULL,
	post_id INTEGER,
	payload TEXT NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	next_attempt_at INTEGER,
	is_under_way INTEGER NOT NULL DEFAULT 0, -- 1 where whoever tries it has it until next_attempt_at
	last_attempt_at INTEGER,
	finished_at INTEGER,
	last_status INTEGER,
	last_error TEXT
) STRICT;

CREATE INDEX webhook_delivery_by_created_at ON webhook_delivery (webhook_id, created_at, id);
CREATE INDEX webhook_delivery_by_state ON webhook_delivery (webhook_id, state, created_at, id);
CREATE INDEX webhook_delivery_by_next_attempt_at ON webhook_delivery (webhook_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_delivery_by_finished_at ON webhook_delivery (finished_at) WHERE finished_at IS NOT NULL;

-- Of what a webhook is told of one post, one message is tried, and all others that are pending wait for it.
CREATE UNIQUE INDEX webhook_delivery_first ON webhook_delivery (webhook_id, post_id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_delivery_pending ON webhook_delivery (webhook_id, post_id, id) WHERE state = 'PENDING';

-- +goose Down

DROP TABLE webhook_delivery;
DROP TABLE webhook;
