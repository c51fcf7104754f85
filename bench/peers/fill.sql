-- What Headwater was given, out of its own file: text and headings as it rendered them, and small keys in the order of publication.

INSERT INTO author (id, username, name)
SELECT row_number() OVER (ORDER BY id), username, name FROM headwater.account WHERE listed = 1;

INSERT INTO tag (id, slug, name)
SELECT row_number() OVER (ORDER BY id), slug, name FROM headwater.tag;

INSERT INTO post (id, slug, title, author_id, published_at, views, headings, html)
SELECT row_number() OVER (ORDER BY written.published_at), written.slug, written.title, author.id, written.published_at, 0,
	(SELECT json_group_array(json_object('level', value ->> 'Level', 'text', value ->> 'Text', 'anchor', value ->> 'Anchor') ORDER BY key)
		FROM json_each(text.headings)), text.html
FROM headwater.post AS written
JOIN headwater.post_text AS text ON text.post_id = written.id
JOIN headwater.account ON account.id = written.author_ids ->> 0
JOIN author ON author.username = account.username;

INSERT INTO post_tag (post_id, position, tag_id)
SELECT post.id, tagged.key, tag.id
FROM headwater.post AS written
JOIN json_each(written.tag_ids) AS tagged
JOIN headwater.tag AS known ON known.id = tagged.value
JOIN tag ON tag.slug = known.slug
JOIN post ON post.slug = written.slug
ORDER BY 1, 2;
