"""Pages of a list that neither skip nor repeat rows while others insert."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    ordering = "pk"
    page_size_query_param = "page_size"
    max_page_size = 500
