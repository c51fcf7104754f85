package metric

import (
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"headwater/logic"
)

// findPlaces gives each text the key that it counts under: its own, or OtherValueID once it finds no place on its day.
func (b *booking) findPlaces(ctx context.Context, events []Event, occurrences []occurrence) error {
	var wanted []DayValue
	b.values = map[DayValue]ValueID{}
	for _, event := range events {
		for _, value := range event.texts() {
			if _, ok := b.values[value]; !ok && value.Text != "" {
				b.values[value] = OtherValueID
				wanted = append(wanted, value)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	placed, err := b.w.Places(ctx, wanted)
	if err != nil {
		return err
	}
	maps.Copy(b.values, placed)
	missing := slices.DeleteFunc(wanted, func(value DayValue) bool { _, ok := placed[value]; return ok })
	if len(missing) == 0 {
		return nil
	}
	senders, err := b.meetStrangers(ctx, events, occurrences)
	if err != nil {
		return err
	}
	return b.makePlaces(ctx, events, senders, missing)
}

// makePlaces gives places to the values that come first, while there are any, and to posts' own paths always. Senders are who sends each
// event; nil where it comes out of a log.
func (b *booking) makePlaces(ctx context.Context, events []Event, senders []*stranger, missing []DayValue) error {
	filled, err := b.w.CountPlaces(ctx, missing)
	if err != nil {
		return err
	}
	waiting := make(map[DayValue]bool, len(missing))
	for _, value := range missing {
		waiting[value] = true
	}
	var placed []DayValue
	for i, event := range events {
		for _, value := range event.texts() {
			if !waiting[value] || !b.ownPaths[value] &&
				(filled[value.DayKind] >= b.service.options.MaxValues || !senders[i].take(value.Kind, b.service.options.MaxNew)) {
				continue
			}
			delete(waiting, value)
			filled[value.DayKind]++
			placed = append(placed, value)
		}
	}
	full := map[DayKind]bool{}
	for value := range waiting {
		full[value.DayKind] = true
	}
	ids, err := b.w.InsertPlaces(ctx, placed, slices.Collect(maps.Keys(full)))
	maps.Copy(b.values, ids)
	return err
}

// stranger is how many places whoever sends events from a network has taken on a UTC day, so that nobody takes them all.
type stranger struct {
	who   DayVisitor
	taken map[FacetKind]int
	more  bool // than are written down
}

// take takes a place, where there may be one more. The values of other kinds come from short lists of ours, and those out of
// a log, which has no strangers, from whoever runs the site.
func (s *stranger) take(kind FacetKind, limit int) bool {
	if s == nil || kind != FacetPath && kind != FacetReferrer && kind != FacetEvent {
		return true
	}
	if s.taken[kind] >= limit {
		return false
	}
	s.taken[kind]++
	s.more = true
	return true
}

// strangerCodeVersion is the first byte of a stranger's code, which stands among those of visitors.
const strangerCodeVersion = 101

// encode returns what a stranger took as bytes: a version, then for each kind, in order, its number and how many places.
func (s *stranger) encode() []byte {
	code := []byte{strangerCodeVersion}
	for _, kind := range slices.Sorted(maps.Keys(s.taken)) {
		code = binary.AppendUvarint(append(code, byte(kind)), uint64(s.taken[kind]))
	}
	return code
}

// decode reads what encode wrote.
func (s *stranger) decode(code []byte) error {
	if len(code) == 0 || code[0] != strangerCodeVersion {
		return errVisitorCode
	}
	reader := codeReader{rest: code[1:]}
	for len(reader.rest) > 0 && !reader.broken {
		s.taken[reader.kind()] = int(reader.unsigned())
	}
	if reader.broken {
		return errVisitorCode
	}
	return nil
}

// meetStrangers finds out who sends each event, by the network that it comes from, and what they took of the day already.
func (b *booking) meetStrangers(ctx context.Context, events []Event, occurrences []occurrence) ([]*stranger, error) {
	type origin struct {
		day     logic.Day
		network string
	}
	known := map[origin]*stranger{}
	senders := make([]*stranger, len(events))
	for i, event := range events {
		from := origin{event.Visitor.Day, occurrences[i].reader.network}
		if from.network == "" {
			continue
		}
		if known[from] == nil {
			who := DayVisitor{from.day, hashVisitor(b.salts[from.day].Bytes, &reader{address: "all of " + from.network})}
			known[from] = &stranger{who: who, taken: map[FacetKind]int{}}
			b.strangers[who] = known[from]
		}
		senders[i] = known[from]
	}
	if len(b.strangers) == 0 {
		return senders, nil
	}
	codes, err := b.w.VisitorDays(ctx, slices.Collect(maps.Keys(b.strangers)))
	if err != nil {
		return nil, err
	}
	for who, code := range codes {
		if err := b.strangers[who].decode(code); err != nil {
			return nil, err
		}
	}
	return senders, nil
}

// readVisitors reads what is kept of the visitors of events.
func (b *booking) readVisitors(ctx context.Context, events []Event) error {
	for _, event := range events {
		b.visitors[event.Visitor] = &VisitorDay{}
	}
	codes, err := b.w.VisitorDays(ctx, slices.Collect(maps.Keys(b.visitors)))
	if err != nil {
		return err
	}
	for visitor, code := range codes {
		if *b.visitors[visitor], err = DecodeVisitorDay(visitor.Day, code); err != nil {
			return err
		}
	}
	return nil
}

// texts returns the texts that an event counts under, with those it has none for.
func (e Event) texts() []DayValue {
	texts := make([]DayValue, 0, 6)
	add := func(kind FacetKind, text string) {
		texts = append(texts, DayValue{DayKind{e.Visitor.Day, kind}, text})
	}
	add(FacetPath, e.Path)
	add(FacetReferrer, e.Referrer)
	add(FacetDevice, e.Device)
	add(FacetBrowser, e.Browser)
	add(FacetOS, e.OS)
	if e.Name != "" {
		add(FacetEvent, e.Name)
	}
	return texts
}
