"""The few shapes of the site, in a box of 12 by 12. A word always stands beside them."""

ICONS = {
    # Ratings: each its own outline, so that they survive a photocopier.
    "disc-tick": '<path fill-rule="evenodd" d="M6 0a6 6 0 100 12A6 6 0 006 0zM5.2 9L2.3 6.1'
    'l1.1-1.1 1.8 1.8 3.5-3.6 1.1 1.1z"/>',
    "disc": '<circle cx="6" cy="6" r="5.2"/>',
    "diamond": '<path d="M6 0l6 6-6 6-6-6z"/>',
    "square": '<path d="M1 1h10v10H1z"/>',
    "ring": '<path fill-rule="evenodd" d="M6 .4a5.6 5.6 0 100 11.2A5.6 5.6 0 006 .4zm0 1.7'
    'a3.9 3.9 0 110 7.8 3.9 3.9 0 010-7.8z"/>',
    # States of work and of a cell.
    "tick": '<path d="M4.5 9.9L.8 6.2 2 5l2.5 2.5 5.5-5.8 1.2 1.2z"/>',
    "half": '<path d="M6 .6a5.4 5.4 0 100 10.8z"/><path d="M6 .6a5.4 5.4 0 010 10.8" fill="none" '
    'stroke="currentColor"/>',
    "warning": '<path fill-rule="evenodd" d="M6 .6l6 10.8H0zM5.3 4.4h1.4v3.5H5.3zm0 4.3'
    'h1.4v1.4H5.3z"/>',
    "back": '<path d="M5 1L0 5.5 5 10V7c3 0 5 .8 7 3.4C11.5 6.5 9 4.2 5 4z"/>',
    "lock": '<path d="M3 5V4a3 3 0 016 0v1h1v6.5H2V5zm1.4 0h3.2V4a1.6 1.6 0 00-3.2 0z"/>',
    "clock": '<path fill-rule="evenodd" d="M6 .4a5.6 5.6 0 100 11.2A5.6 5.6 0 006 .4zm0 1.5'
    'a4.1 4.1 0 110 8.2 4.1 4.1 0 010-8.2zM5.3 3.2h1.4v2.6l1.9 1.1-.7 1.2-2.6-1.5z"/>',
    "offline": '<path d="M1 2l1-1 9 9-1 1-2.6-2.6H3.2A2.7 2.7 0 013 3z"/>',
}
