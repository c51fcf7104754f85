package metric

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"headwater/logic"
)

const saltLength = 32

// booking is the work of counting some occurrences in one transaction. It gathers all that changes, so that each kind of
// row is written by one statement.
type booking struct {
	service *Service
	w       Writer
	now     logic.Moment
	site    Site
	zone    *time.Location
	ownHost string
	horizon Horizon

	salts    map[logic.Day]Salt
	hashes   map[hashKey]VisitorHash
	values   map[DayValue]ValueID
	ownPaths map[DayValue]bool // of posts that were viewed there
	visitors map[DayVisitor]*VisitorDay

	strangers map[DayVisitor]*stranger // who sends events that want new places; none where they come out of a log

	quarters map[figureKey]Totals
	events   []Event
	views    map[logic.PostID]PostRow
	robots   map[logic.Day]int64
}

type hashKey struct {
	day    logic.Day
	reader *reader
}

type figureKey struct {
	facet   Facet
	quarter Quarter
}

// book counts occurrences, and returns what became of those of each of a number of calls.
func (s *Service) book(ctx context.Context, w Writer, now logic.Moment, occurrences []occurrence, calls int) ([]Recorded, error) {
	b := &booking{
		service: s, w: w, now: now,
		hashes:   map[hashKey]VisitorHash{},
		ownPaths: map[DayValue]bool{},
		visitors: map[DayVisitor]*VisitorDay{},

		strangers: map[DayVisitor]*stranger{},

		quarters: map[figureKey]Totals{},
		views:    map[logic.PostID]PostRow{},
		robots:   map[logic.Day]int64{},
	}
	if err := b.readSite(ctx); err != nil {
		return nil, err
	}
	fresh, err := b.dropKnown(ctx, occurrences)
	if err != nil {
		return nil, err
	}
	readers := b.setRobotsApart(fresh)
	recorded := make([]Recorded, calls)
	for _, o := range fresh {
		if o.reader.agent.robot {
			recorded[o.call].Robots++
		} else {
			recorded[o.call].Recorded++
		}
	}
	if len(readers) > 0 {
		if err := b.count(ctx, readers); err != nil {
			return nil, err
		}
	}
	return recorded, b.write(ctx)
}

func (b *booking) readSite(ctx context.Context) error {
	var err error
	if b.site, err = b.w.MetricSite(ctx); err != nil {
		return err
	}
	b.ownHost = hostOf(b.site.URL)
	if b.horizon = b.site.Horizon; b.horizon == (Horizon{}) { // never pruned: this is the first that is counted
		b.horizon = b.service.options.kept(b.now, b.horizon)
	}
	b.zone, err = logic.LoadZone(b.site.TimeZone)
	return err
}

// setRobotsApart counts what robots did and returns the rest.
func (b *booking) setRobotsApart(occurrences []occurrence) []occurrence {
	readers := make([]occurrence, 0, len(occurrences))
	for _, o := range occurrences {
		if o.reader.agent.robot {
			b.robots[dayAt(o.at, b.zone)]++
		} else {
			readers = append(readers, o)
		}
	}
	return readers
}

// dropKnown returns occurrences without those whose ID came before.
func (b *booking) dropKnown(ctx context.Context, occurrences []occurrence) ([]occurrence, error) {
	ids := map[string]bool{}
	for _, o := range occurrences {
		if o.clientID != "" {
			ids[o.clientID] = true
		}
	}
	if len(ids) == 0 {
		return occurrences, nil
	}
	fresh, err := b.w.InsertEventIDs(ctx, slices.Sorted(maps.Keys(ids)), utcDay(b.now))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(occurrences), func(o occurrence) bool { // a clone, since this may run again
		known := o.clientID != "" && !fresh[o.clientID]
		delete(fresh, o.clientID)
		return known
	}), nil
}

// count counts what readers did.
func (b *booking) count(ctx context.Context, occurrences []occurrence) error {
	events := b.describe(occurrences)
	if err := b.hashVisitors(ctx, events, occurrences); err != nil {
		return err
	}
	if err := b.readVisitors(ctx, events); err != nil {
		return err
	}
	if err := b.findPlaces(ctx, events, occurrences); err != nil {
		return err
	}
	for _, event := range events {
		b.visitors[event.Visitor].Add(event.At, event.Name != "", b.facets(event), func(facet Facet, at logic.Moment, figures Totals) {
			key := figureKey{facet, QuarterOf(at)}
			b.quarters[key] = b.quarters[key].Plus(figures)
		})
		if event.Visitor.Day >= b.horizon.Raw {
			b.events = append(b.events, event)
		}
	}
	return nil
}

// describe returns occurrences as events, with all but their visitors' hashes.
func (b *booking) describe(occurrences []occurrence) []Event {
	events := make([]Event, len(occurrences))
	for i, o := range occurrences {
		event := Event{
			ID: b.service.keys.Next(), At: o.at, Visitor: DayVisitor{Day: utcDay(o.at)}, Name: o.name,
			Path: o.path, Referrer: referrerHost(o.referrer, b.ownHost),
			Device: o.reader.agent.device, Browser: o.reader.agent.browser, OS: o.reader.agent.os, Properties: o.properties,
		}
		if o.post != nil {
			event.PostID, event.AuthorIDs, event.TagIDs = o.post.ID, o.post.AuthorIDs, o.post.TagIDs
			own := b.site.path(o.post.Slug)
			event.Path = cmp.Or(event.Path, own)
			if event.Path == own {
				b.ownPaths[DayValue{DayKind{event.Visitor.Day, FacetPath}, own}] = true
			}
			b.see(o)
		}
		events[i] = event
	}
	return events
}

// see counts a view of a post for all time, and remembers the post's title.
func (b *booking) see(o occurrence) {
	if o.name != "" {
		return
	}
	row := b.views[o.post.ID]
	b.views[o.post.ID] = PostRow{PostID: o.post.ID, Title: o.post.Title, Views: row.Views + 1}
}

// hashVisitors finds out which visitor each event is of: the hash of its reader under the salt of the UTC day.
func (b *booking) hashVisitors(ctx context.Context, events []Event, occurrences []occurrence) error {
	days := map[logic.Day]bool{}
	for _, event := range events {
		days[event.Visitor.Day] = true
	}
	if err := b.readSalts(ctx, slices.Sorted(maps.Keys(days))); err != nil {
		return err
	}
	for i := range events {
		key := hashKey{events[i].Visitor.Day, occurrences[i].reader}
		hash, ok := b.hashes[key]
		if !ok {
			hash = hashVisitor(b.salts[key.day].Bytes, key.reader)
			b.hashes[key] = hash
		}
		events[i].Visitor.Visitor = hash
	}
	return nil
}

// readSalts gets the salts of days, and makes those that are missing or have had their time.
func (b *booking) readSalts(ctx context.Context, days []logic.Day) error {
	var err error
	if b.salts, err = b.w.Salts(ctx, days); err != nil {
		return err
	}
	oldest := b.now - saltDays*utcDayLength
	fresh := map[logic.Day]Salt{}
	for _, day := range days {
		if salt, ok := b.salts[day]; !ok || salt.MadeAt < oldest {
			fresh[day] = Salt{Bytes: make([]byte, saltLength), MadeAt: b.now}
			rand.Read(fresh[day].Bytes)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	maps.Copy(b.salts, fresh)
	return b.w.SetSalts(ctx, fresh)
}

// hashVisitor returns the first 16 bytes of HMAC-SHA-256 (RFC 2104) over address and user agent under the day's salt.
func hashVisitor(salt []byte, reader *reader) VisitorHash {
	mac := hmac.New(sha256.New, salt)
	mac.Write([]byte(reader.address))
	mac.Write([]byte{0})
	mac.Write([]byte(reader.userAgent))
	return VisitorHash(mac.Sum(nil)[:len(VisitorHash{})])
}

// facets returns what an event counts under.
func (b *booking) facets(event Event) []Facet {
	facets := []Facet{{Kind: FacetTotal}}
	if event.PostID != 0 {
		facets = append(facets, Facet{FacetPost, int64(event.PostID)})
	}
	for _, text := range event.texts() {
		facets = append(facets, Facet{text.Kind, int64(b.values[text])})
	}
	for _, author := range event.AuthorIDs {
		facets = append(facets, Facet{FacetAuthor, int64(author)})
	}
	for _, tag := range event.TagIDs {
		facets = append(facets, Facet{FacetTag, int64(tag)})
	}
	return facets
}
