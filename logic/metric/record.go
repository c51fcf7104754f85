package metric

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"headwater/logic"
)

// Bounds of what is recorded in one call, and of when it happened, in milliseconds.
const (
	maxEvents  = 100
	maxLate    = 7 * utcDayLength
	clockError = logic.Moment(60_000) // how far a client's clock may be ahead
)

// RecordEvents counts page views and named events of the reader who asks. Those with METRICS_WRITE may call it; others get
// FORBIDDEN. All events are counted, and kept on disk once it returns, or none: INVALID, REQUIRED, TOO_LONG and NOT_FOUND
// name every input at fault. What comes from a robot, by its user agent, is counted apart, and nothing else of it is kept.
// An event whose ID was counted before is left out.
func (s *Service) RecordEvents(ctx context.Context, inputs []EventInput) (Recorded, error) {
	now := s.clock()
	viewer := logic.ViewerFrom(ctx)
	if err := recordEvents.Check(viewer, now); err != nil {
		return Recorded{}, err
	}
	if len(inputs) > maxEvents {
		return Recorded{}, tooMany("At most %d events are recorded at once, not %d.", maxEvents, len(inputs)).At("input", "events")
	}
	if len(inputs) == 0 {
		return Recorded{}, nil
	}
	reader := &reader{
		address: viewer.Address.Unmap().String(), network: logic.NetworkOf(viewer.Address).String(),
		userAgent: viewer.UserAgent, agent: parseAgent(viewer.UserAgent),
	}
	call := &Call{inputs: inputs, reader: reader, now: now, readsPosts: readPosts.Allows(viewer)}
	err := s.store.WriteTogether(ctx, call, func(w Writer, calls []*Call) error {
		return s.bookCalls(context.WithoutCancel(ctx), w, calls)
	})
	if err != nil {
		return Recorded{}, err
	}
	return call.recorded, call.fault
}

// Call is a call of RecordEvents that waits to be written, and what came of it.
type Call struct {
	inputs     []EventInput
	reader     *reader
	now        logic.Moment
	readsPosts bool // whether any post is there for whoever calls
	recorded   Recorded
	fault      error // what is wrong with inputs; then nothing of them is counted
}

// bookCalls counts the events of calls, as if one call came after the other.
func (s *Service) bookCalls(ctx context.Context, w Writer, calls []*Call) error {
	posts, err := postsOf(ctx, w, calls)
	if err != nil {
		return err
	}
	var all []occurrence
	var now logic.Moment
	for i, call := range calls {
		var occurrences []occurrence
		named := posts
		if !call.readsPosts {
			named = nil
		}
		occurrences, call.fault = checkEvents(call.inputs, named, call.reader, call.now)
		call.recorded = Recorded{}
		now = max(now, call.now)
		if call.fault != nil {
			continue
		}
		for _, o := range occurrences {
			o.call = i
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		return nil
	}
	recorded, err := s.book(ctx, w, now, all, len(calls))
	if err != nil {
		return err
	}
	for i, call := range calls {
		call.recorded = recorded[i]
	}
	return nil
}

// postsOf returns the posts that calls name, as far as anyone may see them.
func postsOf(ctx context.Context, store Reader, calls []*Call) (map[logic.PostID]*ViewablePost, error) {
	var ids []logic.PostID
	for _, call := range calls {
		for _, input := range call.inputs {
			if input.PostID != nil {
				if id, ok := input.PostID.Post(); ok {
					ids = append(ids, id)
				}
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	posts, err := store.ViewablePosts(ctx, ids, nil)
	keyed := make(map[logic.PostID]*ViewablePost, len(posts))
	for i := range posts {
		keyed[posts[i].ID] = &posts[i]
	}
	return keyed, err
}

// occurrence is an event that was checked.
type occurrence struct {
	at         logic.Moment
	call       int // which of several calls it came by
	reader     *reader
	clientID   string // "" for none
	name       string // "" for a page view
	path       string // "" for none, or, with a post, for the post's own
	referrer   string // as it came
	post       *ViewablePost
	slug       string // of the post, in a log
	properties []EventPropertyInput
}

// reader is who reads: the visitor's address and program.
type reader struct {
	address, userAgent string
	network            string // of a stranger, who may take few places only; "" for a reader out of a log
	agent              agent
}

// checkEvents returns the events that inputs stand for, or every fault in them.
func checkEvents(inputs []EventInput, posts map[logic.PostID]*ViewablePost, reader *reader, now logic.Moment) ([]occurrence, error) {
	var faults logic.Faults
	occurrences := make([]occurrence, len(inputs))
	for i, input := range inputs {
		add := func(fault *logic.Error, field ...string) {
			faults.Add(fault, append([]string{"input", "events", strconv.Itoa(i)}, field...)...)
		}
		occurrences[i] = input.check(posts, now, add)
		occurrences[i].reader = reader
	}
	return occurrences, faults.Err()
}

// check returns the event that an input stands for, and hands each fault of it to add.
func (input EventInput) check(posts map[logic.PostID]*ViewablePost, now logic.Moment, add func(*logic.Error, ...string)) occurrence {
	o := occurrence{at: now, properties: input.Properties}
	if input.ID != nil {
		o.clientID = *input.ID
		add(checkEventID(o.clientID), "id")
	}
	if input.Name != nil {
		o.name = *input.Name
		add(checkName(o.name), "name")
	}
	if input.Path != nil {
		var fault *logic.Error
		o.path, fault = cleanPath(*input.Path)
		add(fault, "path")
	}
	if input.PostID != nil {
		id, ok := input.PostID.Post()
		if o.post = posts[id]; o.post == nil || !ok {
			add(logic.NotFound("post"), "postId")
		}
	}
	if input.Name == nil && input.Path == nil && input.PostID == nil {
		add(logic.Fault(logic.CodeRequired, "A page view needs a path or a post."), "path")
	}
	if input.Referrer != nil {
		o.referrer = *input.Referrer
	}
	if input.At != nil {
		o.at = min(*input.At, now)
		add(checkMoment(*input.At, now), "at")
	}
	checkProperties(input.Properties, add)
	return o
}

func checkEventID(id string) *logic.Error {
	switch {
	case id == "":
		return logic.Fault(logic.CodeRequired, "An event's ID is not empty; leave it out for none.")
	case strings.ContainsFunc(id, isOdd), !utf8.ValidString(id):
		return logic.Invalid("An event's ID has no control characters.")
	case utf8.RuneCountInString(id) > maxEventID:
		return tooLong("An event's ID", maxEventID)
	}
	return nil
}

func checkMoment(at, now logic.Moment) *logic.Error {
	switch {
	case at > now+clockError:
		return logic.Invalid("An event has happened already.")
	case at < now-maxLate:
		return logic.Invalid("Events are counted up to 7 days late.")
	}
	return nil
}
