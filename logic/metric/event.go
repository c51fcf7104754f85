package metric

import "headwater/logic"

// EventInput is an event as a frontend sends it: a page view, or, with a Name, a named event. Nil is "not given".
type EventInput struct {
	ID         *string // chosen by the client; the same one is counted once
	Name       *string
	Path       *string
	PostID     *logic.ID
	Referrer   *string
	At         *logic.Moment // now when nil
	Properties []EventPropertyInput
}

// EventPropertyInput is a property of an event as a frontend sends it.
type EventPropertyInput struct {
	Key, Value string
}

// Recorded says what became of the events of one call. Those that were counted before are in neither number.
type Recorded struct {
	Recorded int
	Robots   int
}

// Hit is a page view, or, with a Name, a named event, out of a log.
type Hit struct {
	At        logic.Moment
	Reader    string // the reader's address or host name; it is hashed and never stored
	UserAgent string
	Path      string // begins with "/"; query and fragment are cut off
	Referrer  string // as the log has it: an address, "-" or nothing
	PostSlug  string // of the post that Path leads to; empty for none. One that nobody has counts under its path alone
	Name      string // empty for a page view
}

// Imported says what became of the hits of one call.
type Imported struct {
	Recorded int
	Robots   int
	Faults   []HitFault // hits that were left out; nothing of them is counted
}

// HitFault says why a hit was left out.
type HitFault struct {
	Index int // of the hit in the call
	Err   *logic.Error
}

// ImportMark says how far a log was taken.
type ImportMark struct {
	Log    string // names the log by its content, so that a grown, renamed or packed copy goes on behind its mark
	Offset int64  // bytes of the log, unpacked, that were taken
	Lines  int64  // lines that were taken
	Digest string // of the bytes up to Offset
}
