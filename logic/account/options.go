package account

import (
	"context"
	"log/slog"
	"time"
)

// Mail is a letter in plain text.
type Mail struct{ To, Subject, Text string }

// Mailer sends mail.
type Mailer interface {
	// Send takes mail over and returns at once; it is delivered meanwhile.
	Send(ctx context.Context, mail Mail)
}

// Links are the addresses of pages that mail leads to, in each of which {token} is where the token goes.
type Links struct{ Confirm, Reset, Invite string }

// Lifetimes say when sessions end: Idle after they were last used, Absolute after they began. Zero is the default.
type Lifetimes struct{ Idle, Absolute time.Duration }

// Tries says how often signing in may fail before it takes waiting: by one login from one network, by one network, and by
// one login from anywhere; and how long it takes at most. Pair is also how many mails strangers may send to one email, and Address how
// many of those one person or network may ask for. Zero is the default.
type Tries struct {
	Pair, Address, Account int
	MaxWait                time.Duration
}

// Options are the settings of the domain.
type Options struct {
	// SignUp lets strangers make accounts, where there is a Mailer.
	SignUp bool
	// Mailer is nil where no mail is sent; links then go to the log, at the level for debugging.
	Mailer Mailer
	Links  Links
	// Staff and Reader are how long sessions of the two last.
	Staff, Reader Lifetimes
	// Hashes is how many passwords are hashed at once, and Queue how many wait for it. Zero is the default.
	Hashes, Queue int
	Tries         Tries
	// Logger is nil for no log.
	Logger *slog.Logger
}
