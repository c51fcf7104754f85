package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
)

// Secret returns what subjects and networks are keyed with.
func (r reader) Secret(ctx context.Context) ([]byte, error) {
	return selectRow[[]byte](ctx, r, `/* Secret */ SELECT secret FROM account_secret WHERE id = 1`)
}

// KnowsNetwork tells whether a person signed in from a network.
func (r reader) KnowsNetwork(ctx context.Context, user logic.UserID, network string) (bool, error) {
	return selectRow[bool](ctx, r, `/* KnowsNetwork */ SELECT EXISTS (
		SELECT 1 FROM account_network WHERE user_id = ? AND network = ?)`, user, network)
}

// TriesOf returns how often the subjects failed; one that never did is missing.
func (w *writer) TriesOf(ctx context.Context, subjects []string) (map[string]account.Tried, error) {
	type row struct {
		Subject string
		account.Tried
	}
	rows, err := selectRows[row](ctx, w.reader, `/* TriesOf */ SELECT subject, failures, last_at
		FROM json_each(?) AS asked CROSS JOIN account_try WHERE account_try.subject = asked.value`, textList(subjects))
	tried := make(map[string]account.Tried, len(rows))
	for _, row := range rows {
		tried[row.Subject] = row.Tried
	}
	return tried, err
}

// SetTried notes how often a subject failed; one that never did is forgotten.
func (w *writer) SetTried(ctx context.Context, subject string, tried account.Tried) error {
	if tried.Failures <= 0 {
		_, err := w.exec(ctx, `/* SetTried: none */ DELETE FROM account_try WHERE subject = ?`, subject)
		return err
	}
	_, err := w.exec(ctx, `/* SetTried */ INSERT INTO account_try (subject, failures, last_at) VALUES (?, ?, ?)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at`,
		subject, tried.Failures, tried.LastAt)
	return err
}

// KnowNetwork notes that a person signed in from a network, and forgets those that are older than the latest keep.
func (w *writer) KnowNetwork(ctx context.Context, user logic.UserID, network string, at logic.Moment, keep int) error {
	_, err := w.exec(ctx, `/* KnowNetwork */ INSERT INTO account_network (user_id, network, last_at) VALUES (?, ?, ?)
		ON CONFLICT (user_id, network) DO UPDATE SET last_at = excluded.last_at`, user, network, at)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, `/* KnowNetwork: oldest */ DELETE FROM account_network WHERE user_id = ? AND network IN (
		SELECT network FROM account_network WHERE user_id = ? ORDER BY last_at DESC LIMIT -1 OFFSET ?)`, user, user, keep)
	return err
}

// ForgetNetworks forgets where a person signed in from.
func (w *writer) ForgetNetworks(ctx context.Context, user logic.UserID) error {
	_, err := w.exec(ctx, `/* ForgetNetworks */ DELETE FROM account_network WHERE user_id = ?`, user)
	return err
}

// Prune takes away what had its time: sessions, tokens, tries and networks. Of sign-ups and tries the newest stay at most.
func (w *writer) Prune(ctx context.Context, before account.Horizon) error {
	return inOrder(
		func() error {
			_, err := w.exec(ctx, `/* Prune: sessions */ DELETE FROM session WHERE last_seen_at < ?`, before.Sessions)
			return err
		},
		func() error {
			_, err := w.exec(ctx, `/* Prune: tokens */ DELETE FROM account_token WHERE expires_at < ?`, before.Tokens)
			return err
		},
		func() error {
			_, err := w.exec(ctx, `/* Prune: most pending */ DELETE FROM account_token WHERE hash IN (
				SELECT hash FROM account_token WHERE user_id IS NULL ORDER BY expires_at DESC LIMIT -1 OFFSET ?)`, before.MostSignUps)
			return err
		},
		func() error {
			_, err := w.exec(ctx, `/* Prune: tries */ DELETE FROM account_try WHERE last_at < ?`, before.Tries)
			return err
		},
		func() error {
			_, err := w.exec(ctx, `/* Prune: most tries */ DELETE FROM account_try WHERE subject IN (
				SELECT subject FROM account_try ORDER BY last_at DESC LIMIT -1 OFFSET ?)`, before.MostTries)
			return err
		},
		func() error {
			_, err := w.exec(ctx, `/* Prune: networks */ DELETE FROM account_network WHERE last_at < ?`, before.Networks)
			return err
		},
	)
}
