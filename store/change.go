package store

import (
	"slices"
	"strings"

	"headwater/logic"
	"headwater/logic/content"
)

// Keeper keeps answers, and takes away those that rest on what a commit changes.
type Keeper interface {
	// Committing is told what a commit changes that is about to begin, and whether it writes anything at all. Nobody else writes until
	// it has ended.
	Committing(changed []logic.Thing, writes bool)
	// Committed is told that it has ended, and whether it went through and was counted as a commit.
	Committed(counted bool)
}

// Tell has keeper told of all that is committed from now on.
func (s *Store) Tell(keeper Keeper) { s.keeper.Store(&keeper) }

// written is what a commit writes.
type written struct {
	things []logic.Thing
	writes bool
}

// change notes what the commit changes of what answers are made of.
func (w *written) change(things ...logic.Thing) { w.things = append(w.things, things...) }

// add notes what is written by another part of the commit.
func (w *written) add(part *written) {
	w.things = append(w.things, part.things...)
	w.writes = w.writes || part.writes
}

// changesNames tells whether what a tag or a person is called changes.
func (w *written) changesNames() bool { return slices.ContainsFunc(w.things, logic.Thing.IsName) }

// wrote notes that a statement has written. One of which it is not known that its method says what it changes, or that no answer is kept
// that rests on it, changes everything.
func (w *written) wrote(query string) {
	w.writes = true
	if name := methodOf(query); !saying[name] && !silent[name] {
		w.change(logic.Everything)
	}
}

// methodOf returns the method that a statement is of, as its first words say.
func methodOf(query string) string {
	name := strings.TrimPrefix(query, "/* ")
	if end := strings.IndexAny(name, ": *"); end >= 0 {
		name = name[:end]
	}
	return name
}

// saying has the methods that say what they change.
var saying = set(`InsertPost UpdatePost SetPostRevisions PurgePost updateListed
	insertText deleteText enlist delist insertTerms openTerms deleteTerms purgeTerms countTerms addToSearch removeFromSearch
	ClaimSlug DropOldSlug InsertTag ClaimTagSlug DropOutdatedTagSlug publishTagSlug UpdateTag InsertUser UpdateUser InsertMedia UpdateMedia DeleteMedia DropAvatar UpdateSite`)

// silent has the methods that change nothing that an answer rests on which is kept: what is read of it forbids that, is only counted, or
// is another's to say.
var silent = set(`TouchContent ForgetOnce AddOnce SetImportedPost SetImportedMedia SetPostMedia AddStrays DropStrays ReleaseSlugs
	InsertRevision ReplaceRevision FixRevisions InsertPreviewToken DeletePreviewTokensOf DeletePreviewTokensBefore
	InsertToken DeleteToken DeleteTokensOf DeleteTokensTo InsertSession ProveSession SeeSessions DeleteSession DeleteSessionsOf
	SetTried KnowNetwork ForgetNetworks Prune SetPassword
	RaiseClientVersion InsertClient UpdateClient DeleteClient InsertAPIKey EndAPIKey DeleteAPIKey AddUses
	SetSalts DeleteSalts InsertEventIDs InsertPlaces SetVisitorDays InsertEvents AddFigures AddPostViews AddRobotEvents SumDays
	SetImportMark SetHorizon DeleteBefore MoveDays MoveEvents
	InsertWebhook UpdateWebhook RotateSecret DeleteWebhook QueueDelivery HurryDelivery TakeDue SettleDelivery QueueNext GiveUpPending
	PurgeDeliveries`)

func set(names string) map[string]bool {
	members := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		members[name] = true
	}
	return members
}

// changesOfPost returns what changes where a post becomes another; the zero Post is none. Text tells whether its text does.
func changesOfPost(before, after content.Post, text bool) []logic.Thing {
	id := max(before.ID, after.ID)
	things := []logic.Thing{logic.PostThing(id), logic.EditsOf(id), logic.EveryText}
	lists := listKeys(before, after)
	things = append(things, logic.Things(lists, logic.EveryPost)...)
	if after.Slug != before.Slug {
		things = append(things, logic.FreeSlug(after.Slug))
	}
	if !before.IsPublic() && !after.IsPublic() {
		return things
	}
	moved := standsOtherwise(before, after)
	if moved {
		things = append(things, logic.Things(lists, logic.Published)...)
		things = append(things, logic.ListedTags)
		things = append(things, logic.Things(slices.Concat(before.TagIDs, after.TagIDs), logic.PostsOnTag)...)
	}
	if moved || before.Title != after.Title {
		things = append(things, logic.Things(lists, logic.PublishedByTitle)...)
	}
	if moved || before.UpdatedAt != after.UpdatedAt {
		things = append(things, logic.Things(lists, logic.PublishedByUpdate)...)
	}
	if moved || text {
		things = append(things, logic.PublishedTexts)
	}
	return things
}

// standsOtherwise tells whether published posts stand otherwise in any list by its date, or another list has them.
func standsOtherwise(before, after content.Post) bool {
	return before.IsPublic() != after.IsPublic() || before.Kind != after.Kind || before.Language != after.Language ||
		before.CreatedAt != after.CreatedAt || !slices.Equal(before.TagIDs, after.TagIDs) || !slices.Equal(before.AuthorIDs, after.AuthorIDs) ||
		(before.PublishedAt == nil) != (after.PublishedAt == nil) || before.PublishedAt != nil && *before.PublishedAt != *after.PublishedAt
}

// listKeys returns the lists that posts stand in, but their languages', each once.
func listKeys(posts ...content.Post) []int64 {
	keys := []int64{int64(content.AllPosts)}
	for _, post := range posts {
		for _, id := range post.TagIDs {
			keys = append(keys, int64(id))
		}
		for _, id := range post.AuthorIDs {
			keys = append(keys, int64(id))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
