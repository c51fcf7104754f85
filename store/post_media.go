package store

import (
	"context"

	"headwater/logic"
)

// SetPostMedia states which files a post uses: those with the given names in its texts, or of which copies are, and its covers.
func (w *writer) SetPostMedia(ctx context.Context, id logic.PostID, names []string, covers []logic.MediaID) error {
	if _, err := w.exec(ctx, `/* SetPostMedia: none */ DELETE FROM post_media WHERE post_id = ?`, id); err != nil {
		return err
	}
	if len(names) == 0 && len(covers) == 0 {
		return nil
	}
	_, err := w.exec(ctx, `/* SetPostMedia */ INSERT OR IGNORE INTO post_media (post_id, media_id)
		SELECT ?, media.id FROM json_each(?) AS asked CROSS JOIN media WHERE media.name = asked.value
		UNION SELECT ?, v.media_id FROM json_each(?) AS asked CROSS JOIN media_variant AS v WHERE v.name = asked.value
		UNION SELECT ?, media.id FROM json_each(?) AS asked CROSS JOIN media WHERE media.id = asked.value`,
		id, textList(names), id, textList(names), id, keyList(covers))
	return err
}
