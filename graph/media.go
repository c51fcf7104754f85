package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

func (r query) Media(ctx context.Context, first *int, after *string, text *string, orderBy *content.MediaOrder) (*bind.MediaConnection, error) {
	asked, err := r.Content.MediaQuery(text, orderBy, bind.Page(first, after, nil, nil))
	if err != nil {
		return nil, err
	}
	page, err := r.Content.Media(ctx, asked)
	if err != nil {
		return nil, err
	}
	list := bind.MediaConnectionOf(pageTogether(page, bind.Medias), asked.Window, asked.Order, bind.Rest{
		Count: func(ctx context.Context) (int64, error) { return r.Content.CountMedia(ctx, asked) },
		Have: func(ctx context.Context, window logic.Window) (bool, error) {
			return r.Content.HaveMedia(ctx, asked, window)
		},
	})
	return &list, nil
}

func (r mutation) UploadMedia(ctx context.Context, input content.UploadMediaInput) (*gen.MediaPayload, error) {
	row, err := r.Content.UploadMedia(ctx, input)
	return mediaPayload(row, ofInput(err))
}

func (r mutation) UpdateMedia(ctx context.Context, id logic.ID, input content.UpdateMediaInput) (*gen.MediaPayload, error) {
	key, _ := id.Media()
	row, err := r.Content.UpdateMedia(ctx, key, input)
	return mediaPayload(row, ofInput(err, "id"))
}

func mediaPayload(row content.Media, err error) (*gen.MediaPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.MediaPayload{Media: done(row, faults, bind.Medias), UserErrors: faults}, nil
}

func (r mutation) DeleteMedia(ctx context.Context, id logic.ID) (*gen.DeleteMediaPayload, error) {
	key, _ := id.Media()
	usedBy, err := r.Content.DeleteMedia(ctx, key)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.DeleteMediaPayload{DeletedID: given(id, faults), UsedBy: bind.Posts(usedBy), UserErrors: faults}, nil
}

func (r media) URL(_ context.Context, obj *bind.Media) (string, error) {
	return r.Content.MediaURL(obj.Name), nil
}

func (r media) UploadedBy(ctx context.Context, obj *bind.Media) (*bind.User, error) {
	people, err := bind.Ask(ctx, &obj.Batch.Memo, askUploaders, func(ctx context.Context) (map[logic.UserID]bind.User, error) {
		rows, err := r.Account.UsersByID(ctx, keys(obj.Batch.Rows, func(row content.Media) []logic.UserID {
			return atMostOne(r.Content.Uploader(ctx, row))
		}))
		return together(rows, bind.Users), err
	})
	return held(people, r.Content.Uploader(ctx, *obj.Media)), err
}

func (r mediaVariant) URL(_ context.Context, obj *content.MediaVariant) (string, error) {
	return r.Content.MediaURL(obj.Name), nil
}

func (r post) Cover(ctx context.Context, obj *bind.Post) (*bind.Media, error) {
	return pictureOf(ctx, r.Resolver, obj.Batch, obj.CoverID, func(row content.Post) *logic.MediaID { return row.CoverID })
}

func (r revision) Cover(ctx context.Context, obj *bind.Revision) (*bind.Media, error) {
	return pictureOf(ctx, r.Resolver, obj.Batch, obj.CoverID, func(row content.Revision) *logic.MediaID { return row.CoverID })
}

func (r user) Avatar(ctx context.Context, obj *bind.User) (*bind.Media, error) {
	return pictureOf(ctx, r.Resolver, obj.Batch, obj.AvatarID, func(row account.User) *logic.MediaID { return row.AvatarID })
}

// pictureOf returns the file with the given key, loaded with those of all rows of a batch, where of finds them.
func pictureOf[T any](ctx context.Context, r *Resolver, batch *bind.Batch[T], id *logic.MediaID, of func(T) *logic.MediaID) (*bind.Media, error) {
	if id == nil {
		return nil, nil
	}
	found, err := bind.Ask(ctx, &batch.Memo, askPictures, func(ctx context.Context) (map[logic.MediaID]bind.Media, error) {
		rows, err := r.Content.MediaByID(ctx, keys(batch.Rows, func(row T) []logic.MediaID { return atMostOne(of(row)) }))
		return together(rows, bind.Medias), err
	})
	return held(found, id), err
}
