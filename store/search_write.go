package store

import (
	"context"

	"headwater/logic"
)

// searchIndexes are the full-text indexes, each with what must hold of a post that stands in it.
var searchIndexes = []struct{ name, holds string }{
	{"post_search", isPublic},
	{"draft_search", `NOT (` + isPublic + `)`},
	{"post_word_search", isPublic},
	{"draft_word_search", `NOT (` + isPublic + `)`},
}

// isPublic is that readers see a post.
const isPublic = `post.status = 'PUBLISHED' AND post.deleted_at IS NULL`

// addToSearch makes the text of a post, as post_text has it, known to the search. It is to be called once the post's row is as it will be.
func (w *writer) addToSearch(ctx context.Context, id logic.PostID) error {
	for _, index := range searchIndexes {
		_, err := w.exec(ctx, `/* addToSearch */ INSERT INTO `+index.name+` (rowid, title, text)
			SELECT post.id, post_text.title, post_text.text
			FROM post CROSS JOIN post_text WHERE post.id = ? AND post_text.post_id = post.id AND `+index.holds, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// removeFromSearch is to be called while post_text still has the text that the search knows, and the post's row is as it was.
func (w *writer) removeFromSearch(ctx context.Context, id logic.PostID) error {
	for _, index := range searchIndexes {
		_, err := w.exec(ctx, `/* removeFromSearch */ INSERT INTO `+index.name+` (`+index.name+`, rowid, title, text)
			SELECT 'delete', post.id, post_text.title, post_text.text
			FROM post CROSS JOIN post_text WHERE post.id = ? AND post_text.post_id = post.id AND `+index.holds, id)
		if err != nil {
			return err
		}
	}
	return nil
}
