"""Which rules are there?

One line a rule, in the order of their codes.
"""

from typing import Final

from alsoread.desk.check.rule import ArchiveRule, FileRule, Fixer
from alsoread.desk.check.rules import (
    attribute_removed,
    attribution_without_source,
    bare_address,
    byte_order_mark,
    corrections_out_of_order,
    cross_link_misspelt,
    date_before_sources,
    date_in_the_future,
    date_without_zone,
    embargo_without_effect,
    expiry_before_publication,
    field_order,
    heading_level,
    headline_taken,
    html_in_markdown,
    invisible_character,
    link_in_another_case,
    link_target_missing,
    lookalike_letters,
    no_sources,
    paragraph_too_long,
    picture_missing,
    picture_too_large,
    picture_without_alt,
    picture_without_credit,
    shortened_address,
    source_already_used,
    source_not_mentioned,
    source_without_name,
    summary_too_long,
    tag_by_another_name,
    tag_near_duplicate,
    tag_twice,
    template_marks,
    title_in_capitals,
    title_too_long,
    title_untidy,
    too_many_tags,
    tracking_parameters,
)

__all__ = ["ARCHIVE_RULES", "FILE_RULES", "REPAIRS"]

FILE_RULES: Final[tuple[FileRule, ...]] = (
    invisible_character,
    title_too_long,
    title_in_capitals,
    summary_too_long,
    date_in_the_future,
    date_before_sources,
    date_without_zone,
    lookalike_letters,
    embargo_without_effect,
    expiry_before_publication,
    corrections_out_of_order,
    title_untidy,
    field_order,
    heading_level,
    bare_address,
    paragraph_too_long,
    template_marks,
    html_in_markdown,
    attribute_removed,
    too_many_tags,
    picture_without_alt,
    picture_without_credit,
    no_sources,
    source_without_name,
    tracking_parameters,
    shortened_address,
    attribution_without_source,
    source_not_mentioned,
)
ARCHIVE_RULES: Final[tuple[ArchiveRule, ...]] = (
    tag_by_another_name,
    tag_near_duplicate,
    tag_twice,
    link_target_missing,
    link_in_another_case,
    picture_missing,
    picture_too_large,
    headline_taken,
    source_already_used,
)
# what the reader of files and the assembling find themselves, and a rule here can only put right
REPAIRS: Final[tuple[Fixer, ...]] = (byte_order_mark, cross_link_misspelt)
