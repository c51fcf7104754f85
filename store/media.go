package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"headwater/logic"
	"headwater/logic/content"
)

// mediaColumns are those of a mediaRow.
const mediaColumns = `media.id, media.name, media.filename, media.mime_type, media.size, media.width, media.height, media.alt,
	media.uploaded_by, media.created_at, (
		SELECT json_group_array(json_array(v.name, v.width, v.height, v.mime_type, v.size) ORDER BY v.width)
		FROM media_variant AS v WHERE v.media_id = media.id
	) AS variants`

// mediaRow is a row of mediaColumns.
type mediaRow struct {
	ID         logic.MediaID
	Name       string
	Filename   string
	MimeType   string
	Size       int64
	Width      *int
	Height     *int
	Alt        string
	UploadedBy *logic.UserID
	CreatedAt  logic.Moment
	Variants   variantList
}

func (r mediaRow) media() content.Media {
	return content.Media{
		ID: r.ID, Name: r.Name, Filename: r.Filename, MimeType: r.MimeType, Size: r.Size, Width: r.Width, Height: r.Height, Alt: r.Alt,
		Variants: r.Variants, UploadedBy: r.UploadedBy, CreatedAt: r.CreatedAt,
	}
}

// variantList is a column that holds the copies of an image as a JSON array of arrays.
type variantList []content.MediaVariant

// Scan reads what mediaColumns make.
func (l *variantList) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("%T is no list of copies", column)
	}
	var rows []json.RawMessage
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return err
	}
	*l = make(variantList, len(rows))
	for i := range *l {
		v := &(*l)[i]
		if err := json.Unmarshal(rows[i], &[]any{&v.Name, &v.Width, &v.Height, &v.MimeType, &v.Size}); err != nil {
			return err
		}
	}
	return nil
}

// selectMedia returns every file that a statement of mediaColumns reads.
func (r reader) selectMedia(ctx context.Context, query string, args ...any) ([]content.Media, error) {
	rows, err := selectRows[mediaRow](ctx, r, query, args...)
	files := make([]content.Media, len(rows))
	for i, row := range rows {
		files[i] = row.media()
	}
	return files, err
}

func mediaID(media content.Media) logic.MediaID { return media.ID }

// MediaByID returns the files with the given keys.
func (r reader) MediaByID(ctx context.Context, ids []logic.MediaID) (map[logic.MediaID]content.Media, error) {
	files, err := r.selectMedia(ctx, `/* MediaByID */ SELECT `+mediaColumns+`
		FROM json_each(?) AS asked CROSS JOIN media WHERE media.id = asked.value`, keyList(ids))
	return byKey(files, mediaID), err
}

// ReaderMediaByID returns those of the files that a reader sees: in what a published post shows, as the picture of an author of one, or as their
// own. A copy of an image has the name of its file up to the dot.
func (r reader) ReaderMediaByID(ctx context.Context, ids []logic.MediaID, user logic.UserID) (map[logic.MediaID]content.Media, error) {
	files, err := r.selectMedia(ctx, `/* ReaderMediaByID */ SELECT `+mediaColumns+`
		FROM json_each(?) AS asked CROSS JOIN media WHERE media.id = asked.value AND (
			EXISTS (SELECT 1 FROM account WHERE account.avatar_id = media.id AND (account.listed = 1 OR account.id = ?))
			OR EXISTS (
				SELECT 1 FROM post_media AS used CROSS JOIN post CROSS JOIN post_text
				WHERE used.media_id = media.id AND post.id = used.post_id AND post.status = ? AND post.deleted_at IS NULL
				AND post_text.post_id = post.id
				AND (post.cover_id = media.id OR instr(post_text.markdown, substr(media.name, 1, instr(media.name, '.') - 1)) > 0)
			)
		)`, keyList(ids), user, content.PostStatusPublished)
	return byKey(files, mediaID), err
}

// MediaByName returns the file that has a name, or that a copy with the name is of; NOT_FOUND.
func (r reader) MediaByName(ctx context.Context, name string) (content.Media, error) {
	row, err := selectRow[mediaRow](ctx, r, `/* MediaByName */ SELECT `+mediaColumns+` FROM media WHERE media.id = coalesce(
		(SELECT id FROM media WHERE name = ?), (SELECT media_id FROM media_variant WHERE name = ?))`, name, name)
	return row.media(), orNotFound(err, "file")
}

// MediaPage returns up to Window.Limit+1 files.
func (r reader) MediaPage(ctx context.Context, query content.MediaQuery) ([]content.Media, error) {
	order := mediaOrderOf(query.Order.Field)
	part := stretchOf(query.Window, query.Order.Direction == content.Ascending, order.value)
	var s statement
	s.add(`/* MediaPage */ SELECT ` + mediaColumns)
	s.addMedia(query.Words, order)
	s.addStretch(part, order.column, "media.id")
	s.addOrder(part, order.column, "media.id", query.Window.Limit+1)
	return r.selectMedia(ctx, s.text.String(), s.args...)
}

// CountMedia returns how many files match query, whatever its window.
func (r reader) CountMedia(ctx context.Context, query content.MediaQuery) (int64, error) {
	var s statement
	s.add(`/* CountMedia */ SELECT count(*)`)
	s.addMedia(query.Words, mediaOrderOf(content.MediaOrderCreatedAt))
	return selectRow[int64](ctx, r, s.text.String(), s.args...)
}

// mediaOrder is an order of files: a column, which has an index, the least that it holds, and what of a cursor it is compared with.
type mediaOrder struct {
	column string
	least  any
	value  func(*logic.Cursor) any
}

func mediaOrderOf(field content.MediaOrderField) mediaOrder {
	switch field {
	case content.MediaOrderFilename:
		return mediaOrder{"media.sort_key", "", cursorText}
	case content.MediaOrderSize:
		return mediaOrder{"media.size", int64(0), cursorInt}
	}
	return mediaOrder{"media.created_at", int64(math.MinInt64), cursorInt}
}

// addMedia adds where files stand and which of them match. All of them stand in the index of the order.
func (s *statement) addMedia(words []string, order mediaOrder) {
	if len(words) == 0 {
		s.add(` FROM media WHERE `+order.column+` >= ?`, order.least)
		return
	}
	s.add(` FROM media_search CROSS JOIN media WHERE media_search MATCH ? AND media.id = media_search.rowid`, beginnings(words))
}

// InsertMedia adds a file and its copies.
func (w *writer) InsertMedia(ctx context.Context, media content.Media) error {
	w.change(logic.MediaThing(media.ID))
	_, err := w.exec(ctx, `/* InsertMedia */
		INSERT INTO media (id, name, filename, sort_key, mime_type, size, width, height, alt, uploaded_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		media.ID, media.Name, media.Filename, logic.SortKey(media.Filename), media.MimeType, media.Size, media.Width, media.Height,
		media.Alt, media.UploadedBy, media.CreatedAt)
	for _, v := range media.Variants {
		if err != nil {
			return err
		}
		_, err = w.exec(ctx, `/* InsertMedia: copy */
			INSERT INTO media_variant (name, media_id, width, height, mime_type, size) VALUES (?, ?, ?, ?, ?, ?)`,
			v.Name, media.ID, v.Width, v.Height, v.MimeType, v.Size)
	}
	return err
}

// UpdateMedia changes what is said of a file.
func (w *writer) UpdateMedia(ctx context.Context, media content.Media) error {
	w.change(logic.MediaThing(media.ID))
	_, err := w.exec(ctx, `/* UpdateMedia */ UPDATE media SET filename = ?, sort_key = ?, alt = ? WHERE id = ?`,
		media.Filename, logic.SortKey(media.Filename), media.Alt, media.ID)
	return err
}

// DeleteMedia takes away what is said of a file and of its copies.
func (w *writer) DeleteMedia(ctx context.Context, id logic.MediaID) error {
	w.change(logic.MediaThing(id))
	_, err := w.exec(ctx, `/* DeleteMedia */ DELETE FROM media WHERE id = ?`, id)
	return err
}

// MediaUses returns the posts that use a file, the newest first, and how many people have it as their picture.
func (r reader) MediaUses(ctx context.Context, id logic.MediaID) ([]logic.PostID, int, error) {
	posts, err := selectRows[logic.PostID](ctx, r, `/* MediaUses: posts */
		SELECT post_id FROM post_media WHERE media_id = ? ORDER BY post_id DESC`, id)
	if err != nil {
		return nil, 0, err
	}
	people, err := selectRow[int](ctx, r, `/* MediaUses: people */ SELECT count(*) FROM account WHERE avatar_id = ?`, id)
	return posts, people, err
}

// AddStrays notes names under which contents are kept, or may be, without being anyone's.
func (w *writer) AddStrays(ctx context.Context, names []string, since logic.Moment) error {
	_, err := w.exec(ctx, `/* AddStrays */ INSERT INTO media_stray (name, since) SELECT value, ? FROM json_each(?)`, since, textList(names))
	return err
}

// DropStrays forgets names that AddStrays noted, and returns how many it knew.
func (w *writer) DropStrays(ctx context.Context, names []string) (int, error) {
	dropped, err := w.exec(ctx, `/* DropStrays */ DELETE FROM media_stray WHERE name IN (SELECT value FROM json_each(?))`, textList(names))
	return int(dropped), err
}

// OldStrays returns up to limit names that were noted before a moment.
func (r reader) OldStrays(ctx context.Context, before logic.Moment, limit int) ([]string, error) {
	return selectRows[string](ctx, r, `/* OldStrays */ SELECT name FROM media_stray WHERE since < ? ORDER BY since LIMIT ?`, before, limit)
}
