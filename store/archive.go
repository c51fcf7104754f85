package store

import (
	"context"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// ArchivedTags returns every tag with all slugs that lead to it.
func (r reader) ArchivedTags(ctx context.Context) ([]content.ArchivedTag, error) {
	tags, err := selectRows[content.Tag](ctx, r, `/* ArchivedTags */ SELECT `+tagColumns+` FROM tag WHERE id >= 0 ORDER BY id`)
	if err != nil {
		return nil, err
	}
	slugs, err := selectRows[content.TagSlug](ctx, r, `/* ArchivedTags: slugs */
		SELECT tag_id, slug, name, public FROM tag_slug WHERE slug >= '' ORDER BY slug`)
	of := map[logic.TagID][]content.TagSlug{}
	for _, slug := range slugs {
		of[slug.TagID] = append(of[slug.TagID], slug)
	}
	archived := make([]content.ArchivedTag, len(tags))
	for i, tag := range tags {
		archived[i] = content.ArchivedTag{Tag: tag, Slugs: of[tag.ID]}
	}
	return archived, err
}

// ArchivedPosts returns up to limit posts behind the one with a key, with what they show and with their slugs.
func (r reader) ArchivedPosts(ctx context.Context, after logic.PostID, limit int) ([]content.ArchivedPost, error) {
	var posts []content.ArchivedPost
	var ids []logic.PostID
	err := r.eachPost(ctx, `/* ArchivedPosts */ SELECT `+postColumns+` FROM post WHERE post.id > ? ORDER BY post.id LIMIT ?`, []any{after, limit},
		func(post content.Post, _ *row) {
			posts, ids = append(posts, content.ArchivedPost{Post: post}), append(ids, post.ID)
		})
	if err != nil {
		return nil, err
	}
	sources, err := r.Sources(ctx, ids)
	if err != nil {
		return nil, err
	}
	slugs, err := selectRows[content.PostSlug](ctx, r, `/* ArchivedPosts: slugs */ SELECT post_slug.post_id, post_slug.slug, post_slug.public
		FROM json_each(?) AS asked CROSS JOIN post_slug WHERE post_slug.post_id = asked.value ORDER BY post_slug.slug`, keyList(ids))
	of := map[logic.PostID][]content.PostSlug{}
	for _, slug := range slugs {
		of[slug.PostID] = append(of[slug.PostID], slug)
	}
	for i, id := range ids {
		posts[i].Markdown, posts[i].Slugs = sources[id], of[id]
	}
	return posts, err
}

// ArchivedRevisions returns up to limit revisions of a post behind the one with a number.
func (r reader) ArchivedRevisions(ctx context.Context, id logic.PostID, after, limit int) ([]content.Revision, error) {
	return r.selectRevisions(ctx, `/* ArchivedRevisions */ SELECT `+revisionColumns+`
		FROM revision WHERE post_id = ? AND number > ? ORDER BY number LIMIT ?`, id, after, limit)
}

// ArchivedMedia returns up to limit files behind the one with a key.
func (r reader) ArchivedMedia(ctx context.Context, after logic.MediaID, limit int) ([]content.Media, error) {
	return r.selectMedia(ctx, `/* ArchivedMedia */ SELECT `+mediaColumns+` FROM media WHERE media.id > ? ORDER BY media.id LIMIT ?`, after, limit)
}

// ArchivedImports returns up to limit sources of posts behind one.
func (r reader) ArchivedImports(ctx context.Context, after string, limit int) ([]content.ArchivedImport, error) {
	return selectRows[content.ArchivedImport](ctx, r, `/* ArchivedImports */ SELECT source, digest, post_id
		FROM post_import WHERE source > ? ORDER BY source LIMIT ?`, after, limit)
}

// ArchivedMediaImports returns up to limit digests of files that imports brought, behind one.
func (r reader) ArchivedMediaImports(ctx context.Context, after string, limit int) ([]content.ArchivedMediaImport, error) {
	return selectRows[content.ArchivedMediaImport](ctx, r, `/* ArchivedMediaImports */ SELECT lower(hex(digest)) AS digest, media_id
		FROM media_import WHERE digest > unhex(?) ORDER BY media_import.digest LIMIT ?`, after, limit)
}

// ArchivedUsers returns up to limit people behind the one with a key.
func (r reader) ArchivedUsers(ctx context.Context, after logic.UserID, limit int) ([]account.ArchivedUser, error) {
	return selectRows[account.ArchivedUser](ctx, r, `/* ArchivedUsers */ SELECT account.id, account.username, account.name, account.bio,
			account.website, account.created_at, account.email, account.role, account.deactivated_at, account.erased_at, account.avatar_id
		FROM account WHERE account.id > ? ORDER BY account.id LIMIT ?`, after, limit)
}

// InsertArchivedUsers adds people who can't sign in.
func (w *writer) InsertArchivedUsers(ctx context.Context, users []account.ArchivedUser) error {
	for _, user := range users {
		_, err := w.exec(ctx, `/* InsertArchivedUsers */ INSERT INTO account (
				id, username, name, sort_key, bio, website, email, role, created_at, deactivated_at, erased_at, avatar_id
			) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			user.ID, user.Username, user.Name, logic.SortKey(user.Name), user.Bio, user.Website, user.Email, user.Role, user.CreatedAt,
			user.DeactivatedAt, user.ErasedAt, user.AvatarID)
		if err != nil {
			return err
		}
	}
	return nil
}

// InsertArchivedTags adds tags that nothing stands on yet, with all slugs that lead to them.
func (w *writer) InsertArchivedTags(ctx context.Context, tags []content.ArchivedTag) error {
	for _, tag := range tags {
		if err := w.InsertTag(ctx, tag.Tag); err != nil {
			return err
		}
		for _, slug := range tag.Slugs {
			if err := w.ClaimTagSlug(ctx, slug.Slug, slug.Name, tag.ID); err != nil {
				return err
			}
			if slug.Public {
				if err := w.publishTagSlug(ctx, slug.Slug); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// SetContentVersion states how often readers could see something change, and when last.
func (w *writer) SetContentVersion(ctx context.Context, version int64, changedAt logic.Moment) error {
	_, err := w.exec(ctx, `/* SetContentVersion */ UPDATE content_version SET version = ?, changed_at = ? WHERE id = 1`, version, changedAt)
	return err
}
