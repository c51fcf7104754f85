package store

import (
	"errors"
	"strings"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// faultyBooks are statements that find what the writer should have kept up to date and did not.
var faultyBooks = map[string]string{
	"sizes of lists that differ from what stands in them": `
		SELECT count(*) FROM (SELECT list, shelf, count(*) AS posts FROM post_list GROUP BY list, shelf) AS real
		FULL JOIN (SELECT * FROM post_list_size WHERE posts <> 0) AS kept ON kept.list = real.list AND kept.shelf = real.shelf
		WHERE kept.posts IS NOT real.posts`,
	"posts that do not stand in the list of all": `
		SELECT count(*) FROM post LEFT JOIN post_list ON list = 0 AND post_id = id
		WHERE post_list.published_at IS NOT post.published_at OR post_list.updated_at IS NOT post.updated_at
			OR post_list.created_at IS NOT post.created_at OR post_list.sort_key IS NOT post.sort_key`,
	"tags that say other than their lists": `
		SELECT count(*) FROM tag
		WHERE post_count <> (SELECT count(*) FROM post_list WHERE list = tag.id AND shelf = 4)
			OR listed <> EXISTS (SELECT 1 FROM post_list WHERE list = tag.id AND shelf IN (4, 5))`,
	"users that say other than their lists": `
		SELECT count(*) FROM account
		WHERE listed <> EXISTS (SELECT 1 FROM post_list WHERE list = account.id AND shelf IN (4, 5))`,
	"posts without a text": `SELECT count(*) FROM post WHERE id NOT IN (SELECT post_id FROM post_text)`,
	"words of posts that say other than their posts": `
		SELECT count(*) FROM post_term JOIN post ON post.id = post_id
		WHERE open <> (status = 'PUBLISHED' AND kind = 'ARTICLE' AND deleted_at IS NULL)`,
	"words that are counted wrongly": `
		SELECT count(*) FROM term
		WHERE posts <> (SELECT count(*) FROM post_term WHERE term_id = term.id AND open = 1)`,
}

// checkBooks reports whatever the writer should have kept up to date and did not.
func checkBooks(t *testing.T, s *Store) {
	t.Helper()
	for what, query := range faultyBooks {
		if got := mustGet[int](t, s, query); got != 0 {
			t.Errorf("there are %d %s", got, what)
		}
	}
	for index, holds := range map[string]string{
		"post_search":       `status = 'PUBLISHED' AND deleted_at IS NULL`,
		"draft_search":      `status <> 'PUBLISHED' OR deleted_at IS NOT NULL`,
		"post_word_search":  `status = 'PUBLISHED' AND deleted_at IS NULL`,
		"draft_word_search": `status <> 'PUBLISHED' OR deleted_at IS NOT NULL`,
	} {
		checkIndex(t, s, index, holds)
	}
	if got := mustGet[int](t, s, `SELECT count(*) FROM pragma_foreign_key_check`); got != 0 {
		t.Errorf("%d rows belong to others that are not there", got)
	}
}

// checkIndex reports whatever a full-text index knows other than one that is made anew of the posts that it should hold.
func checkIndex(t *testing.T, s *Store, index, holds string) {
	t.Helper()
	rolledBack := errors.New("rolled back")
	changesSchema.Store(s, true)
	err := s.change(t.Context(), func(w *writer) error {
		const shape = `title, text, content = '', tokenize = `
		tokenizer := `'porter unicode61 remove_diacritics 2'`
		if strings.HasSuffix(index, "_word_search") {
			tokenizer = `'unicode61 remove_diacritics 2'`
		}
		for _, query := range []string{
			`INSERT INTO ` + index + ` (` + index + `) VALUES ('integrity-check')`,
			`CREATE VIRTUAL TABLE anew USING fts5 (` + shape + tokenizer + `)`,
			`INSERT INTO anew (rowid, title, text)
				SELECT post_id, post_text.title, text FROM post JOIN post_text ON post_id = post.id WHERE ` + holds,
			`CREATE VIRTUAL TABLE words_kept USING fts5vocab (` + index + `, instance)`,
			`CREATE VIRTUAL TABLE words_anew USING fts5vocab (anew, instance)`,
		} {
			if _, err := w.exec(t.Context(), query); err != nil {
				return err
			}
		}
		wrong, err := selectRows[string](t.Context(), w.reader, `
			SELECT 'too much: ' || term || ' in ' || doc FROM (SELECT * FROM words_kept EXCEPT SELECT * FROM words_anew)
			UNION ALL SELECT 'missing: ' || term || ' in ' || doc FROM (SELECT * FROM words_anew EXCEPT SELECT * FROM words_kept)`)
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			t.Errorf("%s has %d faults, as %s", index, len(wrong), wrong[0])
		}
		return rolledBack
	})
	if !errors.Is(err, rolledBack) {
		t.Errorf("%s: %v", index, err)
	}
}

func TestBooksAreKept(t *testing.T) {
	s, posts := randomBlog(t)
	checkBooks(t, s)
	for _, post := range posts {
		post.Status, post.PublishedAt = content.PostStatusDraft, nil
		mustWrite(t, s, func(w *writer) error { return w.UpdatePost(t.Context(), post, newText("withdrawn")) })
	}
	checkBooks(t, s)
	if tags, err := s.Content().CountListedTags(t.Context()); err != nil || tags != 0 {
		t.Errorf("%d tags are listed (%v) where nothing is published", tags, err)
	}
	if users, err := s.Account().CountUsers(t.Context(), account.UserQuery{Listed: true}); err != nil || users != 0 {
		t.Errorf("%d users are listed (%v) where nothing is published", users, err)
	}
	if _, err := s.Content().ListedTag(t.Context(), "tag-0", firstUser+100); logic.CodeOf(err) != logic.CodeNotFound {
		t.Errorf("got %v, want NOT_FOUND", err)
	}
}
